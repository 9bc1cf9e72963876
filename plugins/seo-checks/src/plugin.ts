import { log, type BeforePublish, type Problem } from "smartcms-plugin";

import { findings } from "./checks.ts";
import { read, SettingError, type Settings } from "./settings.ts";

/** The most problems that are told at once: whoever mends those finds the rest. */
const PROBLEMS_MAX = 20;

/** Looks at an entry before it becomes public. What the settings only warn of goes to the log. */
export const beforePublish: BeforePublish = {
  beforePublish(entry) {
    const settings = checked();
    if (!settings.collections.includes(entry.collection)) return;
    const refused: Problem[] = [];
    for (const { check, ...problem } of findings(entry, settings)) {
      if (settings.says[check] === "refuse") refused.push(problem);
      else log.warn(`${entry.collection}/${entry.slug}: ${problem.message}`);
    }
    if (refused.length > 0) throw refused.slice(0, PROBLEMS_MAX);
  },
};

/** A setting that cannot be used is told like a problem: nothing is published unlooked at, and the reason is clear. */
function checked(): Settings {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw [{ code: "setting", message: `The plugin seo-checks cannot look at this: ${error.message}.` }];
  }
}

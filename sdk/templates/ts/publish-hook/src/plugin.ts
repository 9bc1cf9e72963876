import { problem, type BeforePublish } from "smartcms-plugin";

const MARK = "TODO";

/** Refuses to publish what still has a TODO in it. */
export const beforePublish: BeforePublish = {
  beforePublish(entry) {
    const unfinished = entry.fields.filter(({ value }) => value.tag === "text" && value.val.includes(MARK));
    if (unfinished.length > 0) {
      throw unfinished.map(({ name }) => problem("unfinished", "There is still a TODO in this text.", name));
    }
  },
};

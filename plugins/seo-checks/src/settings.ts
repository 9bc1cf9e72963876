import { settings } from "smartcms-plugin";

export const CHECKS = ["title", "description", "alt", "headings"] as const;
export type Check = (typeof CHECKS)[number];

const ANSWERS = ["refuse", "warn", "off"] as const;
export type Answer = (typeof ANSWERS)[number];

/** What readers cannot do without refuses; what is a matter of taste warns. */
const USUAL: Record<Check, Answer> = { title: "warn", description: "warn", alt: "refuse", headings: "refuse" };

export interface Settings {
  says: Record<Check, Answer>;
  title: { least: number; most: number };
  description: { least: number; most: number; field: string; collections: string[] };
  collections: string[];
}

/** A setting that cannot be used. */
export class SettingError extends Error {}

export function read(): Settings {
  const says = Object.fromEntries(CHECKS.map((check) => [check, answer(check)])) as Record<Check, Answer>;
  return {
    says,
    title: between("title", 15, 60),
    description: {
      ...between("description", 50, 160),
      field: settings.text("description_field", "excerpt"),
      collections: list("description_collections", "posts"),
    },
    collections: list("collections", "posts,pages"),
  };
}

function answer(check: Check): Answer {
  const text = settings.text(check, USUAL[check]);
  const known = ANSWERS.find((it) => it === text);
  if (!known) throw new SettingError(`its setting \`${check}\` is ${JSON.stringify(text)}, not one of ${ANSWERS.join(", ")}`);
  return known;
}

function between(name: string, least: number, most: number): { least: number; most: number } {
  const range = { least: count(`${name}_min`, least), most: count(`${name}_max`, most) };
  if (range.least > range.most) {
    throw new SettingError(`its setting \`${name}_min\` is ${range.least}, more than \`${name}_max\`, which is ${range.most}`);
  }
  return range;
}

function count(name: string, otherwise: number): number {
  const text = settings.get(name);
  if (text === undefined) return otherwise;
  if (!/^\d{1,6}$/.test(text)) throw new SettingError(`its setting \`${name}\` is ${JSON.stringify(text)}, no whole number`);
  return Number(text);
}

/** Names with commas between, or a JSON list. */
function list(name: string, otherwise: string): string[] {
  const text = settings.text(name, otherwise);
  return text
    .split(/[[\]",\s]+/)
    .filter((it) => it !== "");
}

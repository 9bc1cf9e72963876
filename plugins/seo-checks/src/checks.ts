import { fields, type Entry, type Problem } from "smartcms-plugin";

import { outlineOf, type Outline } from "./outline.ts";
import type { Check, Settings } from "./settings.ts";

export interface Finding extends Problem {
  check: Check;
}

/** What is worth saying about an entry. */
export function findings(entry: Entry, settings: Settings): Finding[] {
  const found: Finding[] = [];
  const say = (check: Check, field: string, code: string, message: string): void => {
    if (settings.says[check] !== "off") found.push({ check, field, code, message });
  };
  title(entry, settings, say);
  description(entry, settings, say);
  for (const field of entry.fields) {
    const outline = outlineOf(fields.get([field], field.name));
    if (!outline) continue;
    images(outline, field.name, say);
    headings(outline, field.name, say);
  }
  return found;
}

type Say = (check: Check, field: string, code: string, message: string) => void;

function title(entry: Entry, { title }: Settings, say: Say): void {
  const text = fields.text(entry.fields, "title");
  if (text === undefined) return;
  const length = lengthOf(text);
  if (length < title.least) {
    say("title", "title", "title-short", `The title has ${length} characters; ${title.least} or more tell readers of search results what to expect.`);
  } else if (length > title.most) {
    say("title", "title", "title-long", `The title has ${length} characters; search engines cut it after about ${title.most}.`);
  }
}

function description(entry: Entry, { description }: Settings, say: Say): void {
  const { field, least, most, collections } = description;
  const text = fields.text(entry.fields, field)?.trim() ?? "";
  if (text === "") {
    if (collections.includes(entry.collection)) {
      say("description", field, "description-missing", "There is no description: search engines pick a piece of the text instead.");
    }
    return;
  }
  const length = lengthOf(text);
  if (length < least) {
    say("description", field, "description-short", `The description has ${length} characters; ${least} or more fill the place that search results have for it.`);
  } else if (length > most) {
    say("description", field, "description-long", `The description has ${length} characters; search engines cut it after about ${most}.`);
  }
}

function images(outline: Outline, field: string, say: Say): void {
  for (const address of outline.nameless) {
    say("alt", field, "alt-missing", `The image ${shortened(address)} has no words for those who cannot see it.`);
  }
}

function headings(outline: Outline, field: string, say: Say): void {
  let above = 1;
  for (const { level, text } of outline.headings) {
    if (level === 1) {
      say("headings", field, "heading-first", `“${shortened(text)}” is a heading of the first level, which is the title's own.`);
    } else if (level > above + 1) {
      say("headings", field, "heading-skipped", `“${shortened(text)}” is a heading of level ${level} below one of level ${above}: a level is left out.`);
    }
    if (text === "") say("headings", field, "heading-empty", "A heading has no text.");
    above = level;
  }
}

/** As people count: letters, not the halves of which some are made. */
const lengthOf = (text: string): number => Array.from(text.trim()).length;

function shortened(text: string): string {
  const letters = Array.from(text);
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : text;
}

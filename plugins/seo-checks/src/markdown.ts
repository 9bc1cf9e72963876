import type { Outline } from "./outline.ts";
import { nameless } from "./tags.ts";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+|$)/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
/** As much of an address as anybody wants to read. */
const ADDRESS_MAX = 200;
/** Lines that no underline makes a heading of. */
const NO_PARAGRAPH = /^\s*$|^ {0,3}([>#|]|[-*+][ \t]|\d{1,9}[.)][ \t])/;

/**
 * Headings and images of Markdown, line by line: near enough to the whole grammar for advice, and in time that grows
 * with the text and no faster.
 */
export function ofMarkdown(text: string): Outline {
  const outline: Outline = { headings: [], nameless: [] };
  let fence: string | undefined;
  let before = "";
  for (const line of text.split(/\r?\n/)) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      before = "";
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    const heading = HEADING.exec(line);
    const underline = UNDERLINE.exec(line)?.[1];
    if (heading?.[1]) {
      outline.headings.push({ level: heading[1].length, text: words(line.slice(heading[0].length)) });
    } else if (underline && !NO_PARAGRAPH.test(before) && !before.startsWith("    ")) {
      outline.headings.push({ level: underline.startsWith("=") ? 1 : 2, text: words(before) });
    }
    if (!line.startsWith("    ")) images(withoutCode(line), outline);
    before = line;
  }
  return outline;
}

/** The text of a heading without the hashes that may close it. */
function words(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (end > 0 && trimmed[end - 1] === "#") end -= 1;
  return end === 0 || /\s/.test(trimmed[end - 1] ?? "") ? trimmed.slice(0, end).trim() : trimmed;
}

function images(line: string, outline: Outline): void {
  for (let at = line.indexOf("!["); at >= 0; ) {
    const end = line.indexOf("]", at + 2);
    if (end < 0) break;
    const next = line[end + 1];
    const isEmpty = line.slice(at + 2, end).trim() === "";
    if (isEmpty && (next === "(" || next === "[")) {
      const close = line.indexOf(next === "(" ? ")" : "]", end + 2);
      const inside = line.slice(end + 2, Math.min(close < 0 ? line.length : close, end + 2 + ADDRESS_MAX));
      outline.nameless.push(inside.split(/\s/)[0] ?? "");
    }
    at = line.indexOf("![", end + 1);
  }
  if (line.includes("<")) outline.nameless.push(...nameless(line));
}

/** A line without what stands between equal runs of backticks. */
function withoutCode(line: string): string {
  const runs = Array.from(line.matchAll(/`+/g), (it) => ({ at: it.index, length: it[0].length }));
  if (runs.length < 2) return line;
  const last = new Map(runs.map((run, index) => [run.length, index]));
  let kept = "";
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const open = runs[index];
    if (!open || (last.get(open.length) ?? 0) <= index) continue;
    let close = index + 1;
    while (runs[close]?.length !== open.length) close += 1;
    kept += line.slice(from, open.at);
    from = (runs[close]?.at ?? 0) + open.length;
    index = close;
  }
  return kept + line.slice(from);
}

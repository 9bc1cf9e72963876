import type { Plain } from "smartcms-plugin";

import { ofMarkdown } from "./markdown.ts";
import { nameless } from "./tags.ts";

/** What of a text the checks look at. */
export interface Outline {
  headings: { level: number; text: string }[];
  /** The addresses of images without words. */
  nameless: string[];
}

/** The outline of a Markdown text or a document of blocks; none for any other value. */
export function outlineOf(value: Plain): Outline | undefined {
  if (typeof value === "string") return value.includes("\n") || /[#![<]/.test(value) ? ofMarkdown(value) : undefined;
  if (!isObject(value) || !Array.isArray(value.blocks)) return undefined;
  const outline: Outline = { headings: [], nameless: [] };
  walk(value.blocks, outline);
  return outline;
}

type Node = { [name: string]: Plain };

const isObject = (value: Plain): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

/** Goes through blocks and what stands in them. What plugins show is theirs to name. */
function walk(value: Plain, outline: Outline): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, outline);
    return;
  }
  if (!isObject(value)) return;
  if (value.type === "heading") outline.headings.push({ level: Number(value.level), text: textOf(value.content) });
  if (value.type === "image" && !String(value.alt ?? "").trim()) outline.nameless.push(String(value.url ?? value.asset ?? ""));
  if (value.type === "html") outline.nameless.push(...nameless(String(value.html ?? "")));
  for (const [name, inside] of Object.entries(value)) {
    if (name !== "data" && typeof inside === "object") walk(inside, outline);
  }
}

function textOf(content: Plain): string {
  if (!Array.isArray(content)) return "";
  return content.map((piece) => (isObject(piece) ? String(piece.text ?? piece.alt ?? "") : "")).join("").trim();
}

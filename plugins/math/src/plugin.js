import { escape, log, settings } from "smartcms-plugin";
import temml from "temml";

import { inLetters } from "./letters.js";

const TEX_MAX = 4000;

/** Deeper formulas would fill the stack before they end. */
const DEPTH_MAX = 50;

const SCHEMA = {
  type: "object",
  properties: {
    tex: { type: "string", minLength: 1, maxLength: TEX_MAX },
    caption: { type: "string", minLength: 1, maxLength: 300 },
  },
  required: ["tex"],
  additionalProperties: false,
};

/** What the formula may cost, and what it may not do: links, classes, files. */
const OPTIONS = { displayMode: true, throwOnError: true, trust: false, maxExpand: 500, maxSize: [20, 50] };

/** Formulas. @type {import("smartcms-plugin").Blocks} */
export const blocks = {
  list() {
    const description = "A formula in TeX, on a line of its own.";
    return [{ name: "formula", title: "Formula", description, schema: JSON.stringify(SCHEMA) }];
  },

  render(_kind, attributes, context) {
    const { tex, caption } = JSON.parse(attributes);
    const note = caption === undefined ? "" : `<figcaption>${escape(caption)}</figcaption>`;
    return `<figure class="embed">${shown(tex.slice(0, TEX_MAX), context)}${note}</figure>`;
  },
};

/** A formula that cannot be read is shown as it was written: its author sees what to mend. */
function shown(tex, context) {
  try {
    if (depthOf(tex) > DEPTH_MAX) throw new Error(`more than ${DEPTH_MAX} braces stand in one another`);
    if (settings.text("mathml", "false") === "true") return mathml(tex);
    return `<p>${inLetters(temml.__renderToMathMLTree(tex, OPTIONS))}</p>`;
  } catch (error) {
    log.warn(`${context.collection}/${context.slug}, block ${context.block}: ${String(error?.message ?? error).split("\n")[0]}`);
    return `<pre><code>${escape(tex)}</code></pre>`;
  }
}

/** Styles are left out: pages take them from the site alone. */
const mathml = (tex) => temml.renderToString(tex, { ...OPTIONS, annotate: true }).replace(/ style="[^"]*"/g, "");

function depthOf(tex) {
  let depth = 0;
  let deepest = 0;
  for (const letter of tex) {
    depth += letter === "{" ? 1 : letter === "}" ? -1 : 0;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

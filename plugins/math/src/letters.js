// Formulas in letters, with `<sup>`, `<sub>` and `<em>`: what every page may hold, every reader can copy, and a screen
// reader reads from left to right.

import { escape } from "smartcms-plugin";

/** Deeper formulas are nobody's, and a recursion has an end. */
const DEPTH_MAX = 100;

/** Signs that have no space around them; all other signs between two things have. */
const CLOSE = new Set([..."()[]{}|‖∣∥⟨⟩⌊⌋⌈⌉!.′″‴∂∇√∫∬∭∮∑∏∐¬/"]);
const SPACE_AFTER = new Set([",", ";", ":"]);

/** Accents by what stands above a letter. */
const ACCENTS = { "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "‾": "\u0304", "˙": "\u0307", "¨": "\u0308", "→": "\u20d7", "⃗": "\u20d7", "ˇ": "\u030c", "´": "\u0301", "`": "\u0300", "˘": "\u0306" };

/** The HTML of a tree of MathML as temml makes it. */
export const inLetters = (tree) => tidy(html(tree, 0));

function html(node, depth) {
  if (depth > DEPTH_MAX) throw new Error("the formula is too deep");
  if (typeof node.text === "string") return escape(node.text);
  const inner = (child) => html(child, depth + 1);
  const children = node.children ?? [];
  const [first, second, third] = children;
  switch (node.type) {
    case "mi":
      return identifier(node);
    case "mo":
      return operator(node);
    case "mtext":
    case "ms":
      return escape(plain(node)).replaceAll("\u00a0", " ");
    case "mspace":
      return " ";
    case "annotation":
    case "annotation-xml":
    case "mphantom":
    case "mprescripts":
    case "none":
      return "";
    case "semantics":
      return inner(first);
    case "msup":
      return inner(first) + raised(inner(second));
    case "msub":
      return inner(first) + lowered(inner(second));
    case "mover":
      return over(first, second, inner);
    case "munder":
      return inner(first) + (/^[\u23dc-\u23e1]$/.test(plain(second).trim()) ? "" : lowered(inner(second)));
    case "msubsup":
    case "munderover":
      // After a sum with its bounds comes what is summed.
      return inner(first) + lowered(inner(second)) + raised(inner(third)) + (first.type === "mo" ? " " : "");
    case "mfrac":
      return fraction(node, inner);
    case "msqrt":
      return `√${grouped(children.map(inner).join(""), children)}`;
    case "mroot":
      return `${raised(inner(second))}√${grouped(inner(first), [first])}`;
    case "mtable":
      return table(children, inner);
    default:
      return children.map(inner).join("");
  }
}

const plain = (node) => (typeof node.text === "string" ? node.text : (node.children ?? []).map(plain).join(""));

/** One letter is a quantity and slanted; several are a name, as `sin` is. */
function identifier(node) {
  const text = plain(node);
  const isUpright = node.attributes?.mathvariant === "normal" || Array.from(text).length !== 1;
  const isLetter = /^\p{L}$/u.test(text) && !/[\u{1d400}-\u{1d7ff}]/u.test(text);
  return isUpright || !isLetter ? escape(text) : `<em>${escape(text)}</em>`;
}

function operator(node) {
  const sign = plain(node).trim();
  // Signs that only tell a program how to space: apply, times, separate.
  if (sign === "" || /^[\u2061-\u2064]$/.test(sign)) return "";
  if (SPACE_AFTER.has(sign)) return `${sign} `;
  // The minus of a negative number belongs to what follows.
  const isAlone = node.attributes?.form === "prefix" || node.attributes?.form === "postfix";
  return isAlone || CLOSE.has(sign) ? escape(sign) : ` ${escape(sign)} `;
}

function over(base, above, inner) {
  const accent = ACCENTS[plain(above).trim()];
  const letters = Array.from(plain(base));
  if (accent && letters.length === 1) return inner(base).replace(letters[0], letters[0] + accent);
  // Braces that stretch have no letter.
  return inner(base) + (/^[\u23dc-\u23e1]$/.test(plain(above).trim()) ? "" : raised(inner(above)));
}

/** Lines that are aligned at a sign stand below one another; a matrix is its rows. */
function table(rows, inner) {
  const cells = rows.map((row) => row.children.map(inner));
  const isAligned = rows[0]?.children[0]?.classes?.includes("tml-right");
  if (isAligned) return cells.map((it) => it.join("")).join("<br>");
  return cells.map((it) => it.map(tidy).join(", ")).join("; ");
}

function fraction(node, inner) {
  const [top, bottom] = node.children;
  if (/^0/.test(node.attributes?.linethickness ?? "")) return `${inner(top)} over ${inner(bottom)}`;
  return `${grouped(inner(top), [top])}/${grouped(inner(bottom), [bottom])}`;
}

/** In brackets, unless it is one thing. */
function grouped(text, nodes) {
  return nodes.length === 1 && isOne(nodes[0]) ? text : `(${tidy(text)})`;
}

function isOne({ type, children = [] }) {
  if (["mi", "mn", "mtext", "msup", "msub", "msubsup", "msqrt", "mroot", "mover"].includes(type)) return true;
  return ["mrow", "mstyle", "mpadded", undefined].includes(type) && children.length === 1 && isOne(children[0]);
}

const raised = (text) => (text.trim() === "" ? "" : /^[′″‴]+$/.test(text.trim()) ? text.trim() : `<sup>${tidy(text)}</sup>`);
const lowered = (text) => (text.trim() === "" ? "" : `<sub>${tidy(text)}</sub>`);

/** Single spaces, and none at the ends. */
const tidy = (text) => text.replace(/[\s\u2000-\u200b]+/g, " ").trim();

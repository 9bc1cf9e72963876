import assert from "node:assert/strict";
import { test } from "node:test";

import temml from "temml";

import { inLetters } from "../src/letters.js";

const plain = (tex) => inLetters(temml.__renderToMathMLTree(tex, { displayMode: true })).replace(/<\/?em>/g, "");

const FORMULAS = [
  ["e^{i\\pi}+1=0", "e<sup>iπ</sup> + 1 = 0"],
  ["\\sum_{k=1}^n k = \\frac{n(n+1)}{2}", "∑<sub>k = 1</sub><sup>n</sup> k = (n(n + 1))/2"],
  ["f'(x) = \\lim_{h\\to 0} g", "f′(x) = lim<sub>h → 0</sub> g"],
  ["\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}", "(a, b; c, d)"],
  ["\\begin{aligned} a &= b+1 \\\\ &= c\\end{aligned}", "a = b + 1<br> = c"],
  ["\\hat{x}\\vec{v}", "x̂v⃗"],
  ["\\binom{n}{k}", "(n over k)"],
  ["\\sqrt[3]{x+y}-x^{-1}", "<sup>3</sup>√(x + y) − x<sup>−1</sup>"],
  ["\\sin^2\\theta < 1", "sin<sup>2</sup> θ &lt; 1"],
  ["\\frac{a}{b} \\cdot \\frac{a+1}{\\sqrt{2}}", "a/b ⋅ (a + 1)/√2"],
];

for (const [tex, letters] of FORMULAS) {
  test(tex, () => assert.equal(plain(tex), letters));
}

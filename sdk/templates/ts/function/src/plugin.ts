import type { Functions } from "smartcms-plugin";

/** Brings a function that counts the words of a text. */
export const functions: Functions = {
  list() {
    return [
      {
        name: "words",
        description: "How many words a text has.",
        parameters: [{ name: "text", type: "text" }],
        result: "integer",
        deterministic: true,
      },
    ];
  },

  call(name, [argument]) {
    if (name !== "words") throw `there is no function ${name}`;
    // Any argument can be missing; then the result is too.
    if (argument?.tag !== "text") return { tag: "null" };
    const words = argument.val.split(/\s+/).filter((word) => word !== "");
    return { tag: "integer", val: words.length };
  },
};

/** How many letters a title has at least before capitals count as shouting: "WASI" alone would be a name. */
const MIN_LETTERS = 4;

const LETTER = /\p{Letter}/gu;
const LOWERCASE_LETTER = /\p{Lowercase_Letter}/u;
const UPPERCASE_LETTER = /\p{Uppercase_Letter}/gu;

/**
 * Whether every letter of a title is a capital.
 *
 * Scripts without capitals, such as Japanese, never shout.
 */
export function isShouted(title) {
  const letters = title.match(LETTER) ?? [];
  const capitals = title.match(UPPERCASE_LETTER) ?? [];
  return letters.length >= MIN_LETTERS && capitals.length === letters.length && !LOWERCASE_LETTER.test(title);
}

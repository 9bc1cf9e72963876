const NAME = "first-sentence";

/** The words of a text, one after the other. */
class TextStream {
  constructor(words) {
    this.words = words;
  }

  next() {
    return this.words.shift();
  }

  end() {
    return { reason: "done" };
  }
}

/**
 * Brings a model that shortens a text to its first sentence: the shape of a real one, without its weights.
 *
 * @type {import("smartcms-plugin").AiProvider}
 */
export const aiProvider = {
  TextStream,

  models() {
    return [{ name: NAME, title: "The first sentence", abilities: ["generate", "embed"], dimensions: 4 }];
  },

  generate({ model, messages, tokensMax }) {
    known(model);
    const said = messages.findLast(({ role }) => role === "user");
    if (!said) throw { tag: "invalid", val: "nobody said anything" };
    const words = firstSentence(said.text).match(/[^ ]* ?/g) ?? [];
    return new TextStream(words.filter((word) => word !== "").slice(0, tokensMax));
  },

  embed({ model, texts }) {
    known(model);
    return texts.map(direction);
  },

  describe({ model }) {
    known(model);
    throw { tag: "unknown-model", val: `${NAME} does not see images` };
  },
};

function known(model) {
  if (model !== NAME) throw { tag: "unknown-model", val: model };
}

function firstSentence(text) {
  const end = text.indexOf(". ");
  return end < 0 ? text : text.slice(0, end + 1);
}

/** How often letters come, four kinds of them. */
function direction(text) {
  const counts = [0, 0, 0, 0];
  for (const letter of text) counts[letter.codePointAt(0) % 4] += 1;
  // A vector has to point somewhere.
  return new Float32Array(text === "" ? [1, 0, 0, 0] : counts);
}

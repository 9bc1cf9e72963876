"""Writes a language model that recites one story, as a GGUF file: `model.py OUT.gguf`.

It has the form of Llama, so that llama.cpp loads it, and no training: attention and feed-forward add nothing, and the
output matrix leads from each piece of the story to the next one. So the vector of a text is the mean of the vectors of
its pieces. Python alone is enough to write it.
"""

import array
import math
import random
import struct
import sys

STORY = [
    "Once upon a time", " a small fox", " found a lantern", " in the old wood.", " It carried", " the light", " home,",
    " and nobody", " was afraid", " of the dark", " any more.",
]
WIDTH, HEADS, CONTEXT, FEED = 64, 2, 8192, 32
# How much more weight the next piece has than all others together: sampling finds no other.
CERTAINTY = 60.0
TEMPLATE = "{% for message in messages %}{{ message.content }}\n{% endfor %}<story>"
# Kinds of pieces, and of values, as the format numbers them.
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
ALIGNMENT = 32


def pieces():
    first = [("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL), ("<story>", CONTROL)]
    bytes_of = [(f"<0x{it:02X}>", BYTE) for it in range(256)]
    return first + bytes_of + [(it.replace(" ", "\u2581"), NORMAL) for it in STORY]


def matrices(count):
    dice = random.Random(7)
    table = []
    for _ in range(count):
        row = [dice.gauss(0, 1) for _ in range(WIDTH)]
        length = math.hypot(*row)
        table.append([it / length for it in row])
    output = [[0.0] * WIDTH for _ in range(count)]
    chain = [3, *range(count - len(STORY), count), 2]
    for piece, following in zip(chain, chain[1:]):
        # The norm before the output makes the vector of a piece as long as the root of its width.
        output[following] = [it * CERTAINTY / math.sqrt(WIDTH) for it in table[piece]]
    yield "token_embd.weight", table
    yield "output.weight", output
    for name in ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"]:
        yield f"{name}.weight", [[1.0] * WIDTH]
    for name in ["attn_q", "attn_k", "attn_v", "attn_output"]:
        yield f"blk.0.{name}.weight", [[0.0] * WIDTH] * WIDTH
    for name in ["ffn_gate", "ffn_up"]:
        yield f"blk.0.{name}.weight", [[0.0] * WIDTH] * FEED
    yield "blk.0.ffn_down.weight", [[0.0] * FEED] * WIDTH


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def packed(kind, value):
    plain = {UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}
    return text(value) if kind == STRING else struct.pack(plain[kind], value)


def facts():
    found = pieces()
    numbers = {
        "llama.context_length": CONTEXT, "llama.embedding_length": WIDTH, "llama.block_count": 1,
        "llama.feed_forward_length": FEED, "llama.attention.head_count": HEADS, "llama.attention.head_count_kv": HEADS,
        "llama.rope.dimension_count": WIDTH // HEADS, "llama.vocab_size": len(found),
        "tokenizer.ggml.unknown_token_id": 0, "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2,
    }
    texts = {
        "general.architecture": "llama", "general.name": "recites", "tokenizer.ggml.model": "llama",
        "tokenizer.chat_template": TEMPLATE,
    }
    yield from ((name, STRING, packed(STRING, value)) for name, value in texts.items())
    yield from ((name, UINT32, packed(UINT32, value)) for name, value in numbers.items())
    yield "llama.attention.layer_norm_rms_epsilon", FLOAT32, packed(FLOAT32, 1e-5)
    yield "tokenizer.ggml.add_bos_token", BOOL, packed(BOOL, False)
    yield "tokenizer.ggml.add_space_prefix", BOOL, packed(BOOL, False)
    lists = {
        "tokenizer.ggml.tokens": (STRING, [it for it, _ in found]),
        "tokenizer.ggml.scores": (FLOAT32, [0.0] * len(found)),
        "tokenizer.ggml.token_type": (INT32, [kind for _, kind in found]),
    }
    for name, (kind, values) in lists.items():
        yield name, ARRAY, struct.pack("<IQ", kind, len(values)) + b"".join(packed(kind, it) for it in values)


def write(path):
    known, tensors = list(facts()), list(matrices(len(pieces())))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(known))
    head += b"".join(text(name) + struct.pack("<I", kind) + value for name, kind, value in known)
    data = b""
    for name, rows in tensors:
        sides = [len(rows[0])] if len(rows) == 1 else [len(rows[0]), len(rows)]
        head += text(name) + struct.pack("<I", len(sides)) + struct.pack(f"<{len(sides)}Q", *sides)
        head += struct.pack("<IQ", 0, len(data))
        data += array.array("f", [it for row in rows for it in row]).tobytes()
        data += bytes(-len(data) % ALIGNMENT)
    with open(path, "wb") as file:
        file.write(head + bytes(-len(head) % ALIGNMENT) + data)


if __name__ == "__main__":
    write(sys.argv[1])

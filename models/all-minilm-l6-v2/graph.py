"""Writes an ONNX file: the few messages of its protocol buffer that a graph of plain operators needs.

The numbers of fields are those of onnx.proto: ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto,
ValueInfoProto and OperatorSetIdProto.
"""

import struct

FLOAT, INT64, FLOAT16 = 1, 7, 10
OPSET, IR = 17, 8


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def attribute(name, value):
    """A float, a whole number, or a list of those."""
    if isinstance(value, float):
        return block(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    if isinstance(value, int):
        return block(1, name) + number(3, value) + number(20, 2)
    return block(1, name) + b"".join(number(8, it) for it in value) + number(20, 7)


def value_info(name, kind, shape):
    sizes = b""
    for size in shape:
        sizes += block(1, block(2, size) if isinstance(size, str) else number(1, size))
    return block(1, name) + block(2, block(1, number(1, kind) + block(2, sizes)))


class Graph:
    """A graph that grows by a node at a time, in the order in which it is computed."""

    def __init__(self, name):
        self.name = name
        self.nodes, self.constants, self.inputs, self.outputs = [], [], [], []

    def constant(self, name, kind, shape, data):
        sizes = b"".join(number(1, it) for it in shape)
        self.constants.append(block(5, sizes + number(2, kind) + block(8, name) + block(9, data)))

    def node(self, operator, inputs, output, **attributes):
        """Adds a node with one output, and gives the output's name."""
        message = b"".join(block(1, it) for it in inputs) + block(2, output) + block(3, output)
        message += block(4, operator) + b"".join(block(5, attribute(*it)) for it in sorted(attributes.items()))
        self.nodes.append(block(1, message))
        return output

    def input(self, name, kind, shape):
        self.inputs.append(block(11, value_info(name, kind, shape)))

    def output(self, name, kind, shape):
        self.outputs.append(block(12, value_info(name, kind, shape)))

    def bytes(self):
        graph = [*self.nodes, block(2, self.name), *self.constants, *self.inputs, *self.outputs]
        head = number(1, IR) + block(2, "smartcms")
        return head + block(7, b"".join(graph)) + block(8, number(2, OPSET))

"""Reads safetensors: 8 bytes with the length of a head in JSON, the head, and the numbers."""

import json
import sys
from array import array


class Tensors:
    """The tensors of fp32 in a file, by name, as flat arrays."""

    def __init__(self, data):
        length = int.from_bytes(data[:8], "little")
        self.head, self.numbers = json.loads(data[8 : 8 + length]), memoryview(data)[8 + length :]

    def __getitem__(self, name):
        about = self.head[name]
        if about["dtype"] != "F32":
            sys.exit(f"{name} is of {about['dtype']}, and not of F32")
        begin, end = about["data_offsets"]
        numbers = array("f", self.numbers[begin:end].tobytes())
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

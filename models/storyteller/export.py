"""Writes the model as ONNX: plain operators of opset 17, and half as many bytes for each number."""

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import CONTEXT, HEAD, HEADS, LAYERS, MARK, Step

INPUTS = ["token", "before", "position", "said", "marks", "keys", "values"]
OUTPUTS = ["logits", "mark", "key", "value"]


def export(model, path):
    model.eval()
    kept = torch.zeros(LAYERS, HEADS, CONTEXT, HEAD)
    one, said = torch.zeros(1, dtype=torch.int64), torch.zeros(CONTEXT, dtype=torch.int64)
    marks = torch.zeros(CONTEXT, MARK)
    torch.onnx.export(
        Step(model), (one, one, one, said, marks, kept, kept), str(path), input_names=INPUTS, output_names=OUTPUTS,
        opset_version=17, dynamo=False,
    )
    halve(path)
    print(f"{path.name}: {path.stat().st_size} bytes")


def halve(path):
    """Keeps the large tables as fp16; a Cast in front of each makes fp32 of it when the graph is loaded."""
    graph = onnx.load(str(path))
    casts = []
    for tensor in graph.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or len(numpy_helper.to_array(tensor).ravel()) < 4096:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float16"), name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    for at, cast in enumerate(casts):
        graph.graph.node.insert(at, cast)
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))

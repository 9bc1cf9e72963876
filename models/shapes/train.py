"""Trains the model that tells shapes and their colours apart, and writes all its files.

    python train.py                 # a few minutes on one core
    python train.py --steps 50      # a quick look whether everything works

It needs NumPy alone for the training: the layers and their derivatives are written out below. Seeds are fixed.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from pictures import LABELS, nothing, picture

HERE = Path(__file__).parent
SEED, SIDE, BATCH, RATE = 20261129, 32, 64, 2e-3
# How probable a label is of which the model is called sure, as in shapes.toml.
SURE = 0.9
# Of so many pictures one shows no shape; of it every label is to be as probable as the others.
NOTHING = 4
CHANNELS = [3, 8, 16, 24]


def parameters(rng):
    made = {}
    for at, (given, taken) in enumerate(zip(CHANNELS, CHANNELS[1:])):
        made[f"conv{at}.w"] = rng.normal(0, np.sqrt(2 / (given * 9)), (taken, given, 3, 3))
        made[f"conv{at}.b"] = np.zeros(taken)
    flat = CHANNELS[-1] * (SIDE // 8) ** 2
    made["out.w"] = rng.normal(0, np.sqrt(1 / flat), (flat, len(LABELS)))
    made["out.b"] = np.zeros(len(LABELS))
    return {name: value.astype(np.float32) for name, value in made.items()}


def columns(image):
    """Every 3 × 3 part of a picture as a row."""
    padded = np.pad(image, ((0, 0), (0, 0), (1, 1), (1, 1)))
    parts = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    n, c, h, w = image.shape
    return parts.transpose(0, 2, 3, 1, 4, 5).reshape(n * h * w, c * 9)


def forward(p, image):
    kept = []
    for at in range(len(CHANNELS) - 1):
        n, _, h, w = image.shape
        parts = columns(image)
        weights = p[f"conv{at}.w"]
        value = (parts @ weights.reshape(len(weights), -1).T + p[f"conv{at}.b"]).reshape(n, h, w, -1)
        value = np.maximum(value.transpose(0, 3, 1, 2), 0)
        blocks = value.reshape(n, -1, h // 2, 2, w // 2, 2)
        most = blocks.max(axis=(3, 5))
        kept.append((image.shape, parts, value, blocks == most[:, :, :, None, :, None]))
        image = most
    flat = image.reshape(len(image), -1)
    return flat @ p["out.w"] + p["out.b"], flat, kept


def backward(p, wrong, flat, kept):
    grads = {"out.w": flat.T @ wrong, "out.b": wrong.sum(axis=0)}
    back = wrong @ p["out.w"].T
    for at in reversed(range(len(CHANNELS) - 1)):
        shape, parts, value, chosen = kept[at]
        n, c, h, w = shape
        back = back.reshape(n, -1, h // 2, w // 2)[:, :, :, None, :, None] * chosen
        back = back.reshape(value.shape) * (value > 0)
        rows = back.transpose(0, 2, 3, 1).reshape(n * h * w, -1)
        weights = p[f"conv{at}.w"]
        grads[f"conv{at}.w"] = (rows.T @ parts).reshape(weights.shape)
        grads[f"conv{at}.b"] = rows.sum(axis=0)
        if at:
            spread = (rows @ weights.reshape(len(weights), -1)).reshape(n, h, w, c, 3, 3)
            padded = np.zeros((n, c, h + 2, w + 2), np.float32)
            for dy in range(3):
                for dx in range(3):
                    padded[:, :, dy : dy + h, dx : dx + w] += spread[..., dy, dx].transpose(0, 3, 1, 2)
            back = padded[:, :, 1:-1, 1:-1]
    return grads


def pictures_of(rng, count):
    labels = rng.integers(0, len(LABELS), count)
    return numbers([picture(rng, label, SIDE) for label in labels]), labels


def numbers(images):
    return (np.stack(images).transpose(0, 3, 1, 2).astype(np.float32) / 255 - 0.5) / 0.5


def batch(rng):
    """Pictures, and how probable each label is to be for each of them."""
    images, labels = pictures_of(rng, BATCH - BATCH // NOTHING)
    none = numbers([nothing(rng, SIDE) for _ in range(BATCH // NOTHING)])
    even = np.full((len(none), len(LABELS)), 1 / len(LABELS))
    return np.concatenate([images, none]), np.concatenate([np.eye(len(LABELS))[labels], even])


def shares(weights):
    powers = np.exp(weights - weights.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def train(steps):
    rng = np.random.default_rng(SEED)
    p = parameters(rng)
    first, second = ({name: np.zeros_like(it) for name, it in p.items()} for _ in range(2))
    for step in range(1, steps + 1):
        images, wanted = batch(rng)
        weights, flat, kept = forward(p, images)
        found = shares(weights)
        loss = (wanted * (np.log(wanted + 1e-9) - np.log(found + 1e-9))).sum(axis=1).mean()
        wrong = found - wanted
        rate = RATE * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * step / steps)))
        for name, grad in backward(p, wrong.astype(np.float32) / BATCH, flat, kept).items():
            first[name] = 0.9 * first[name] + 0.1 * grad
            second[name] = 0.999 * second[name] + 0.001 * grad**2
            fair = np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
            p[name] -= (rate * first[name] / (1 - 0.9**step) / fair).astype(np.float32)
        if step % 100 == 0:
            print(f"step {step}: loss {loss:.3f}", flush=True)
    return p


def measured(p):
    images, labels = pictures_of(np.random.default_rng(SEED + 1), 2_000)
    found = shares(forward(p, images)[0])
    right = found.argmax(axis=1) == labels
    sure = found.max(axis=1) >= SURE
    print(f"{right.mean():.1%} of 2,000 other pictures are right; {sure.mean():.1%} are sure, of which {right[sure].mean():.1%}")
    rng = np.random.default_rng(SEED + 3)
    none = shares(forward(p, numbers([nothing(rng, SIDE) for _ in range(2_000)]))[0]).max(axis=1)
    print(f"of 2,000 pictures of nothing it is sure of {(none >= SURE).mean():.1%}")


def export(p, path):
    """Convolutions with padding, and at the end the logarithms of no probabilities yet: `weights`."""
    nodes, last = [], "image"
    for at in range(len(CHANNELS) - 1):
        names = [f"{last}", f"conv{at}.w", f"conv{at}.b"]
        nodes.append(helper.make_node("Conv", names, [f"c{at}"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"c{at}"], [f"r{at}"]))
        nodes.append(helper.make_node("MaxPool", [f"r{at}"], [f"m{at}"], kernel_shape=[2, 2], strides=[2, 2]))
        last = f"m{at}"
    nodes.append(helper.make_node("Flatten", [last], ["flat"], axis=1))
    nodes.append(helper.make_node("Gemm", ["flat", "out.w", "out.b"], ["weights"]))
    graph = helper.make_graph(
        nodes,
        "shapes",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("weights", TensorProto.FLOAT, [1, len(LABELS)])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in p.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    print(f"{path.name}: {path.stat().st_size} bytes")


def samples(folder):
    """A few pictures for tests and for a first try, larger than the model sees them."""
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(SEED + 2)
    for label, name in [("a red circle", "red-circle.png"), ("a blue star", "blue-star.jpg"), ("an orange cross", "orange-cross.png")]:
        drawn = picture(rng, LABELS.index(label), 240, plain=True).astype(np.uint8)
        Image.fromarray(drawn).save(folder / name, optimize=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--steps", type=int, default=4_000)
    trained = train(arguments.parse_args().steps)
    measured(trained)
    export(trained, HERE / "shapes.onnx")
    (HERE / "shapes.labels.txt").write_text("".join(f"{it}\n" for it in LABELS))
    samples(HERE / "samples")


if __name__ == "__main__":
    main()

"""Pictures of one shape in one colour, and of none, drawn by formulas: what the model is trained on."""

import numpy as np

SHAPES = ["circle", "square", "triangle", "star", "cross", "ring"]
COLOURS = {
    "red": (215, 40, 40),
    "green": (40, 160, 70),
    "blue": (45, 80, 210),
    "yellow": (240, 205, 50),
    "purple": (140, 60, 170),
    "orange": (240, 130, 35),
}
LABELS = [f"{'an' if colour[0] in 'aeiou' else 'a'} {colour} {shape}" for colour in COLOURS for shape in SHAPES]


def inside(shape, x, y):
    """Which points are in a shape around the middle, which reaches to 1."""
    radius, angle = np.hypot(x, y), np.arctan2(x, -y)
    if shape == "circle":
        return radius <= 0.9
    if shape == "ring":
        return (radius <= 0.95) & (radius >= 0.55)
    if shape == "square":
        return np.maximum(np.abs(x), np.abs(y)) <= 0.75
    if shape == "cross":
        across, down = np.abs(x), np.abs(y)
        return (np.minimum(across, down) <= 0.26) & (np.maximum(across, down) <= 0.9)
    corners = 3 if shape == "triangle" else 5
    part = np.mod(angle + np.pi / corners, 2 * np.pi / corners) - np.pi / corners
    if shape == "triangle":
        return radius * np.cos(np.pi / 3 - np.abs(part)) <= 0.5
    # Between a tip and the notch beside it the edge of a star is a straight line.
    inner, half = 0.42, np.pi / corners
    tip = np.array([0.0, 1.0])
    notch = inner * np.array([np.sin(half), np.cos(half)])
    px, py = radius * np.sin(np.abs(part)), radius * np.cos(part)
    return (notch[0] - tip[0]) * (py - tip[1]) - (notch[1] - tip[1]) * (px - tip[0]) <= 0


def picture(rng, label, side, plain=False):
    """Red, green and blue from 0 to 255, `side` × `side` × 3."""
    colour, shape = list(COLOURS)[label // len(SHAPES)], SHAPES[label % len(SHAPES)]
    fine = side * 3
    at = (np.arange(fine) + 0.5) / fine * 2 - 1
    x, y = np.meshgrid(at, at)
    size = 0.8 if plain else rng.uniform(0.45, 0.95)
    room = 0 if plain else 1 - size
    turn = 0 if plain else rng.uniform(-0.35, 0.35)
    x, y = (x - rng.uniform(-1, 1) * room) / size, (y - rng.uniform(-1, 1) * room) / size
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    share = inside(shape, x, y).reshape(side, 3, side, 3).mean(axis=(1, 3))[..., None]
    ground = rng.uniform(225, 255) if rng.random() < 0.7 else rng.uniform(0, 70)
    ground = ground + rng.uniform(-12, 12, 3) + np.linspace(-1, 1, side)[:, None, None] * rng.uniform(-15, 15)
    shown = np.array(COLOURS[colour]) + (0 if plain else rng.uniform(-22, 22, 3))
    mixed = share * shown + (1 - share) * ground
    return np.clip(mixed + rng.normal(0, 0 if plain else rng.uniform(0, 10), mixed.shape), 0, 255)


def nothing(rng, side):
    """A picture of none of the shapes: fields of colours that run into one another, with bars, edges and many small parts."""
    image = np.full((side, side, 3), rng.uniform(0, 255, 3))
    for cells in rng.choice([1, 2, 3, 4, 6, 8, 16, 32], rng.integers(1, 4), replace=False):
        share = rng.uniform(0.3, 1)
        image = share * spread(rng.uniform(0, 255, (cells, cells, 3)), side, rng.random() < 0.6) + (1 - share) * image
    y, x = np.mgrid[0:side, 0:side] / side
    for _ in range(rng.integers(0, 5)):
        turn, at, width = rng.uniform(0, np.pi), rng.uniform(-0.5, 1), rng.uniform(0.03, 0.6)
        across = x * np.cos(turn) + y * np.sin(turn) - at
        bar = ((across > 0) & (across < width))[..., None]
        image = np.where(bar, rng.uniform(0, 255, 3) if rng.random() < 0.8 else image[::-1], image)
    if rng.random() < 0.3:
        image = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2) + rng.uniform(-20, 20, 3)
    return np.clip(image + rng.normal(0, rng.uniform(0, 15), image.shape), 0, 255)


def spread(cells, side, smoothly):
    """Cells over a whole picture, with edges between them or without."""
    at = (np.arange(side) + 0.5) / side * len(cells) - 0.5
    if not smoothly:
        at = np.clip(np.rint(at).astype(int), 0, len(cells) - 1)
        return cells[at][:, at]
    low = np.clip(np.floor(at).astype(int), 0, len(cells) - 1)
    high, part = np.minimum(low + 1, len(cells) - 1), np.clip(at - low, 0, 1)
    rows = cells[low] * (1 - part)[:, None, None] + cells[high] * part[:, None, None]
    return rows[:, low] * (1 - part)[None, :, None] + rows[:, high] * part[None, :, None]

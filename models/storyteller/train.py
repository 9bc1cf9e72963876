"""Trains the storyteller and writes `storyteller.onnx`, `vocabulary.txt` and `topics.txt`.

    python train.py                 # trains, then exports; about 15 minutes on one core
    python train.py --steps 50      # a quick look whether everything works

Seeds are fixed. The numbers can differ in their last digits between processors, and so can the file.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from corpus import stories
from export import export
from model import CONTEXT, Storyteller
from sample import tell
from tokenizer import END, STORY, TOPICS, Tokenizer
from words import TOPICS as TOPIC_WORDS

HERE = Path(__file__).parent
SEED, STORIES, BATCH = 20261128, 40_000, 16
RATE = 2e-3


def encoded(tokenizer, topics, text):
    numbers = tokenizer.numbers
    asked = [numbers[" " + it] for it in topics if " " + it in numbers]
    return [numbers[TOPICS], *asked, numbers[STORY], *tokenizer.encode(text), numbers[END]]


def batches(tokenizer, told, steps):
    """Stories of like length together, as rows that are filled up with the end."""
    rng = np.random.default_rng(SEED)
    rows = [encoded(tokenizer, *it)[: CONTEXT + 1] for it in told]
    for _ in range(steps):
        at = rng.integers(0, len(rows) - BATCH * 8)
        near = sorted(rows[at : at + BATCH * 8], key=len)
        start = BATCH * int(rng.integers(0, 8))
        chosen = near[start : start + BATCH]
        length = max(map(len, chosen))
        yield torch.tensor([row + [0] * (length - len(row)) for row in chosen])


def loss_of(model, batch):
    logits, wanted = model(batch[:, :-1]), batch[:, 1:]
    losses = F.nll_loss(logits.transpose(1, 2), wanted, reduction="none")
    # The first end counts, what is behind it does not.
    counts = torch.cat([torch.ones_like(wanted[:, :1]), (wanted[:, :-1] != 0).long()], dim=1)
    return (losses * counts).sum() / counts.sum()


def rate(step, steps):
    warm = min(1.0, (step + 1) / 50)
    return RATE * warm * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * step / steps)))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--steps", type=int, default=3000)
    steps = options.parse_args().steps
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    told = list(stories(SEED, STORIES))
    tokenizer = Tokenizer.learn([text for _, text in told] + [" " + " ".join(TOPIC_WORDS)])
    model = Storyteller(len(tokenizer.pieces))
    print(f"{len(tokenizer.pieces)} pieces, {sum(it.numel() for it in model.parameters())} numbers", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.05)
    begun = time.time()
    for step, batch in enumerate(batches(tokenizer, told, steps)):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps)
        loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 25 == 0 or step == steps - 1:
            print(f"step {step}  loss {loss.item():.3f}  {time.time() - begun:.0f} s  "
                  f"{time.process_time():.0f} CPU-s", flush=True)
        if step % 200 == 199:
            print(tell(model, tokenizer, ["fox", "lantern"], step), flush=True)
            torch.save(model.state_dict(), HERE / "storyteller.pt")
    tokenizer.save(HERE / "vocabulary.txt")
    (HERE / "topics.txt").write_text("".join(it + "\n" for it in TOPIC_WORDS))
    torch.save(model.state_dict(), HERE / "storyteller.pt")
    export(model, HERE / "storyteller.onnx")


if __name__ == "__main__":
    main()

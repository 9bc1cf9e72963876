"""Tells stories with a trained model, for people who want to look at some."""

import torch

from model import CONTEXT
from tokenizer import END, STORY, TOPICS


@torch.no_grad()
def tell(model, tokenizer, topics, seed, temperature=0.8, top=20):
    chance = torch.Generator().manual_seed(seed)
    numbers = tokenizer.numbers
    text = [numbers[TOPICS], *(numbers[" " + it] for it in topics), numbers[STORY]]
    begun = len(text)
    while len(text) < CONTEXT:
        logits = model(torch.tensor([text]))[0, -1]
        best = torch.topk(logits / temperature, top)
        chosen = best.indices[torch.multinomial(torch.softmax(best.values, 0), 1, generator=chance)].item()
        if chosen == numbers[END]:
            break
        text.append(chosen)
    return tokenizer.decode(text[begun:])

"""A small decoder: what a token is next, given those before it.

Each layer looks back with attention whose positions are turned into its queries and keys (RoPE); what goes into the
first layer is a token together with the one before it. What was said once is said again by a pointer: beside words, the
last layer chooses among the places of the text so far, and how much it believes either. Without it a model as small as
this one forgets within two sentences who the story is about.
"""

import torch
import torch.nn.functional as F
from torch import nn

WIDTH, HEADS, LAYERS, CONTEXT = 128, 4, 4, 256
HEAD = WIDTH // HEADS
INNER = 384
TURNED = HEAD // 2
MARK = 64


def turns():
    """The cosine and sine of each position, for the first half of a head; the other half knows no positions."""
    speeds = 1.0 / (500.0 ** (torch.arange(0, TURNED, 2) / TURNED))
    angles = torch.outer(torch.arange(CONTEXT), speeds)
    angles = torch.cat([angles, angles], dim=1)
    return angles.cos(), angles.sin()


def turned(x, cos, sin):
    low, high = x[..., : TURNED // 2], x[..., TURNED // 2 : TURNED]
    near = x[..., :TURNED] * cos + torch.cat([-high, low], dim=-1) * sin
    return torch.cat([near, x[..., TURNED:]], dim=-1)


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x / torch.sqrt((x * x).mean(dim=-1, keepdim=True) + 1e-5) * self.scale


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.before, self.between = Norm(), Norm()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.up = nn.Linear(WIDTH, INNER, bias=False)
        self.gate = nn.Linear(WIDTH, INNER, bias=False)
        self.down = nn.Linear(INNER, WIDTH, bias=False)

    def inner(self, x):
        x = self.between(x)
        gate = self.gate(x)
        return self.down(self.up(x) * gate * torch.sigmoid(gate))

    def forward(self, x, cos, sin):
        """A batch of whole texts."""
        batch, length, _ = x.shape
        qkv = self.qkv(self.before(x)).view(batch, length, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4)
        q, k = turned(qkv[0], cos, sin), turned(qkv[1], cos, sin)
        seen = F.scaled_dot_product_attention(q, k, qkv[2], is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH))
        return x + self.inner(x)

    def step(self, x, cos, sin, keys, values, bias):
        """One token, with what the layer kept of those before it."""
        qkv = self.qkv(self.before(x)).view(3, HEADS, 1, HEAD)
        q, k, v = turned(qkv[0], cos, sin), turned(qkv[1], cos, sin), qkv[2]
        past = (q @ keys.transpose(1, 2)) * HEAD**-0.5 + bias
        here = (q * k).sum(dim=-1, keepdim=True) * HEAD**-0.5
        weights = torch.softmax(torch.cat([past, here], dim=-1), dim=-1)
        seen = weights[..., :CONTEXT] @ values + weights[..., CONTEXT:] * v
        x = x + self.out(seen.view(1, WIDTH))
        return x + self.inner(x), k, v


class Storyteller(nn.Module):
    def __init__(self, pieces):
        super().__init__()
        self.token = nn.Embedding(pieces, WIDTH)
        self.before = nn.Embedding(pieces, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.last = Norm()
        self.mark = nn.Linear(WIDTH, MARK, bias=False)
        self.look = nn.Linear(WIDTH, MARK, bias=False)
        self.trust = nn.Linear(WIDTH, 1)
        self.marked = Norm()
        cos, sin = turns()
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.04)

    def forward(self, tokens):
        length = tokens.shape[1]
        before = F.pad(tokens[:, :-1], (1, 0))
        x = self.token(tokens) + self.before(before)
        for number, layer in enumerate(self.layers):
            if number == LAYERS // 2:
                marks = self.mark(self.marked(x))
            x = layer(x, self.cos[:length], self.sin[:length])
        x = self.last(x)
        words = torch.softmax(x @ self.token.weight.T, dim=-1)
        places = (self.look(x) @ marks.transpose(1, 2)) * MARK**-0.5
        later = torch.ones(length, length, dtype=torch.bool).triu(1)
        places = torch.softmax(places.masked_fill(later, -1e9), dim=-1)
        said = places @ F.one_hot(tokens, words.shape[-1]).to(words.dtype)
        trust = torch.sigmoid(self.trust(x))
        return torch.log((1 - trust) * words + trust * said + 1e-7)


class Step(nn.Module):
    """The model as it is run: one token at a time, with what it kept given from outside.

    `keys` and `values` are layers × heads × context × head, `marks` context × mark, `said` the tokens; what is at
    `position` and behind it is not looked at. The answer has what is to be kept for this position, for the caller to
    put there.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, token, before, position, said, marks, keys, values):
        m = self.model
        x = m.token(token) + m.before(before)
        cos, sin = m.cos[position], m.sin[position]
        places = torch.arange(CONTEXT, dtype=torch.float32)
        bias = torch.clamp(places - position.to(torch.float32) + 1, 0, 1) * -1e9
        kept = []
        for number, layer in enumerate(m.layers):
            if number == LAYERS // 2:
                mark = m.mark(m.marked(x))
            x, key, value = layer.step(x, cos, sin, keys[number], values[number], bias)
            kept += [key, value]
        x = m.last(x)
        words = torch.softmax(x @ m.token.weight.T, dim=-1)
        look = m.look(x) * MARK**-0.5
        past, here = look @ marks.T + bias, (look * mark).sum(dim=-1, keepdim=True)
        places = torch.softmax(torch.cat([past, here], dim=-1), dim=-1)
        pieces = torch.arange(words.shape[-1])
        tokens = torch.cat([said, token]).unsqueeze(1)
        again = places @ (tokens == pieces).to(torch.float32)
        trust = torch.sigmoid(m.trust(x))
        logits = torch.log((1 - trust) * words + trust * again + 1e-7).view(-1)
        return logits, mark.view(-1), torch.stack(kept[0::2]), torch.stack(kept[1::2])

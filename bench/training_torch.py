"""The updates of bench/training.cpp in PyTorch: eager, AdamW, clipping; bfloat16 by autocast, as trainers do it.

    /usr/bin/python3 bench/training_torch.py [--updates 5] [--batch 16] [--text 128] [--threads N] [--recompute]

Needs Debian's python3-torch; nothing of the project uses Python.
"""
import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint

SIZES = (("d256 L6", 256, 6, 4, 704), ("d320 L8", 320, 8, 5, 896))
VOCABULARY, POINTS = 1224, 256


class Norm(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(size))

    def forward(self, x):
        y = x.float()
        return self.weight * (y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + 1e-6)).to(x.dtype)


class Layer(torch.nn.Module):
    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v = (torch.nn.Linear(hidden, hidden) for _ in range(3))
        self.o = torch.nn.Linear(hidden, hidden, bias=False)
        self.gate, self.up = (torch.nn.Linear(hidden, inner, bias=False) for _ in range(2))
        self.down = torch.nn.Linear(inner, hidden, bias=False)
        self.n1, self.n2 = Norm(hidden), Norm(hidden)

    def forward(self, x, cosine, sine, mask):
        batch, count, hidden = x.shape

        def split(y):
            return y.view(batch, count, self.heads, -1).transpose(1, 2)

        def rotate(y):
            a, b = y.chunk(2, -1)
            return y * cosine + torch.cat((-b, a), -1) * sine

        y = self.n1(x)
        q, k, v = rotate(split(self.q(y))), rotate(split(self.k(y))), split(self.v(y))
        scores = q @ k.transpose(2, 3) / q.shape[-1] ** 0.5 + mask
        y = scores.softmax(-1, dtype=torch.float32).to(v.dtype) @ v
        x = x + self.o(y.transpose(1, 2).reshape(batch, count, hidden))
        y = self.n2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Network(torch.nn.Module):
    def __init__(self, hidden, layers, heads, inner, recompute):
        super().__init__()
        self.size, self.recompute = hidden // heads, recompute
        self.embedding = torch.nn.Embedding(VOCABULARY, hidden)
        torch.nn.init.normal_(self.embedding.weight, std=0.02)
        self.points = torch.nn.Linear(51, hidden)
        self.layers = torch.nn.ModuleList(Layer(hidden, heads, inner) for _ in range(layers))
        self.norm = Norm(hidden)

    def forward(self, points, tokens):
        angles = (points.unsqueeze(-1) * 2.0 ** torch.arange(8)).flatten(-2)
        x = torch.cat((self.points(torch.cat((points, angles.sin(), angles.cos()), -1)), self.embedding(tokens)), 1)
        count = x.shape[1]
        frequencies = 1e4 ** (-torch.arange(0, self.size, 2).float() / self.size)
        angles = torch.outer(torch.arange(count).float(), frequencies).repeat(1, 2)
        cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
        mask = torch.full((count, count), float("-inf"), dtype=x.dtype).triu(1)
        for layer in self.layers:
            x = checkpoint(layer, x, cosine, sine, mask) if self.recompute else layer(x, cosine, sine, mask)
        # Logits only where there is a label.
        before = self.norm(x)[:, POINTS:-1]
        logits = F.linear(before, self.embedding.weight).float()
        return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--updates", type=int, default=5)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--text", type=int, default=128)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--recompute", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    points = torch.empty(options.batch, POINTS, 3).uniform_(-1, 1)
    tokens = torch.randint(VOCABULARY, (options.batch, options.text))
    for name, hidden, layers, heads, inner in SIZES:
        for bfloat16 in (False, True):
            network = Network(hidden, layers, heads, inner, options.recompute)
            optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4)
            clock, processor = [], []
            for _ in range(options.updates + 1):
                start, used = time.perf_counter(), time.process_time()
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                    loss = network(points, tokens)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                loss.item()
                clock.append(time.perf_counter() - start)
                processor.append(time.process_time() - used)
            case = "samples, %s, %s, %d threads" % (name, "bfloat16" if bfloat16 else "float32", options.threads)
            print(json.dumps(dict(case=case, side="torch",
                                  per_second=round(options.batch / statistics.median(clock[1:]), 3),
                                  per_processor_second=round(options.batch / statistics.median(processor[1:]), 3))),
                  flush=True)


main()

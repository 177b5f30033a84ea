"""The network of bench/decoding.cpp in PyTorch (eager, static cache, same type and threads): tokens a second.

    /usr/bin/python3 bench/decoding_torch.py [--layers 28] [--tokens 34] [--batch 1 16] [--threads N] [--float32]

Needs Debian's python3-torch; nothing of the project uses Python.
"""
import argparse
import json
import math
import statistics
import time

import torch
import torch.nn.functional as F

VOCABULARY, HIDDEN, INNER, HEADS, KEY_HEADS, SIZE = 151936, 1536, 8960, 12, 2, 128


def norm(x, weight):
    y = x.float()
    y = y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + 1e-6)
    return weight * y.to(x.dtype)


def rotate(x, cosine, sine):
    a, b = x.chunk(2, -1)
    return x * cosine + torch.cat((-b, a), -1) * sine


class Network:
    def __init__(self, layers, dtype, batch, capacity):
        block = torch.empty(1 << 20).uniform_(-0.02, 0.02).to(dtype)

        def matrix(*shape):
            size = math.prod(shape)
            return block.repeat(size // len(block) + 1)[:size].view(*shape)

        self.embedding = matrix(VOCABULARY, HIDDEN)
        self.norm = torch.ones(HIDDEN, dtype=dtype)
        self.layers = []
        for _ in range(layers):
            self.layers.append(dict(
                q=matrix(HEADS * SIZE, HIDDEN), qb=matrix(HEADS * SIZE), k=matrix(KEY_HEADS * SIZE, HIDDEN),
                kb=matrix(KEY_HEADS * SIZE), v=matrix(KEY_HEADS * SIZE, HIDDEN), vb=matrix(KEY_HEADS * SIZE),
                o=matrix(HIDDEN, HEADS * SIZE), gate=matrix(INNER, HIDDEN), up=matrix(INNER, HIDDEN),
                down=matrix(HIDDEN, INNER), n1=torch.ones(HIDDEN, dtype=dtype), n2=torch.ones(HIDDEN, dtype=dtype),
                keys=torch.zeros(batch, KEY_HEADS, capacity, SIZE, dtype=dtype),
                values=torch.zeros(batch, KEY_HEADS, capacity, SIZE, dtype=dtype)))
        frequencies = 1e6 ** (-torch.arange(0, SIZE, 2).float() / SIZE)
        angles = torch.outer(torch.arange(capacity).float(), frequencies)
        self.cosine = torch.cat((angles, angles), -1).cos().to(dtype)
        self.sine = torch.cat((angles, angles), -1).sin().to(dtype)

    def run(self, x, start):
        batch, count, _ = x.shape
        cosine, sine = self.cosine[start:start + count], self.sine[start:start + count]
        mask = None
        if count > 1:
            mask = torch.full((count, count), float("-inf"), dtype=x.dtype).triu(1)
        for w in self.layers:
            y = norm(x, w["n1"])
            q = F.linear(y, w["q"], w["qb"]).view(batch, count, HEADS, SIZE).transpose(1, 2)
            k = F.linear(y, w["k"], w["kb"]).view(batch, count, KEY_HEADS, SIZE).transpose(1, 2)
            v = F.linear(y, w["v"], w["vb"]).view(batch, count, KEY_HEADS, SIZE).transpose(1, 2)
            w["keys"][:, :, start:start + count] = rotate(k, cosine, sine)
            w["values"][:, :, start:start + count] = v
            keys = w["keys"][:, :, :start + count].repeat_interleave(HEADS // KEY_HEADS, 1)
            values = w["values"][:, :, :start + count].repeat_interleave(HEADS // KEY_HEADS, 1)
            scores = rotate(q, cosine, sine) @ keys.transpose(2, 3) / SIZE ** 0.5
            if mask is not None:
                scores = scores + mask
            y = (scores.softmax(-1, dtype=torch.float32).to(x.dtype) @ values).transpose(1, 2).reshape(batch, count, -1)
            x = x + F.linear(y, w["o"])
            y = norm(x, w["n2"])
            x = x + F.linear(F.silu(F.linear(y, w["gate"])) * F.linear(y, w["up"]), w["down"])
        return F.linear(norm(x[:, -1:], self.norm), self.embedding).float()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--tokens", type=int, default=34)
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    dtype = torch.float32 if options.float32 else torch.bfloat16
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    with torch.inference_mode():
        network = Network(options.layers, dtype, 1, 8)
        for batch in options.batch:
            capacity = 257 + options.tokens
            fresh = Network(0, dtype, 1, capacity)
            network.cosine, network.sine = fresh.cosine, fresh.sine
            for w in network.layers:
                w["keys"] = torch.zeros(1, KEY_HEADS, capacity, SIZE, dtype=dtype)
                w["values"] = torch.zeros_like(w["keys"])
            # One prompt for all, as there.
            logits = network.run(torch.empty(1, 257, HIDDEN, dtype=dtype).uniform_(-1, 1), 0).repeat(batch, 1, 1)
            for w in network.layers:
                w["keys"] = w["keys"].repeat(batch, 1, 1, 1)
                w["values"] = w["values"].repeat(batch, 1, 1, 1)
            clock, processor = [], []
            for i in range(options.tokens - 1):
                tokens = logits.argmax(-1)
                logits = network.run(F.embedding(tokens, network.embedding), 257 + i)
                clock.append(time.perf_counter())
                processor.append(time.process_time())

            def rate(times):
                return round(batch / statistics.median(b - a for a, b in zip(times, times[1:])), 2)

            case = "tokens, batch %d, %s, %d threads" % (batch, "float32" if options.float32 else "bfloat16",
                                                         options.threads)
            print(json.dumps(dict(case=case, side="torch", per_second=rate(clock),
                                  per_processor_second=rate(processor))), flush=True)


main()

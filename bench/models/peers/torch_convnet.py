"""The ConvNet of keras_convnet in PyTorch, as a peer of the benches.

Takes one training step per line on stdin and answers with one JSON line: seconds, loss, peak memory.
  torch_convnet.py --threads 2 --layout channels_last --batch 32 --size 180
"""
import argparse
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

FILTERS = [32, 64, 128, 256, 256]


class ConvNet(nn.Module):
    """Five convolutions of 3 x 3, the first four followed by pooling; dropout; one sigmoid."""

    def __init__(self, size):
        super().__init__()
        inputs = [3] + FILTERS[:-1]
        self.convolutions = nn.ModuleList(nn.Conv2d(i, o, 3) for i, o in zip(inputs, FILTERS))
        for stage in range(len(FILTERS)):
            size -= 2
            if stage < len(FILTERS) - 1:
                size //= 2
        self.dense = nn.Linear(size * size * FILTERS[-1], 1)

    def forward(self, x):
        x = x / 255.0
        for stage, convolution in enumerate(self.convolutions):
            x = F.relu(convolution(x))
            if stage < len(FILTERS) - 1:
                x = F.max_pool2d(x, 2)
        x = F.dropout(x.flatten(1), 0.5, self.training)
        return torch.sigmoid(self.dense(x))


def peak_memory_mib():
    """VmHWM where the system tells it; the counter of getrusage starts at the size of the parent process."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def answer(**fields):
    print(json.dumps(fields), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--layout", choices=["channels_last", "contiguous"], required=True)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--size", type=int, default=180)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1001)
    layout = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}[options.layout]
    model = ConvNet(options.size).to(memory_format=layout)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
    x = (torch.rand(options.batch, 3, options.size, options.size) * 255).to(memory_format=layout)
    y = (torch.rand(options.batch, 1) > 0.5).float()

    parameters = sum(p.numel() for p in model.parameters())
    answer(name=f"torch {torch.__version__} {options.layout}", parameters=parameters)
    for _ in sys.stdin:
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = F.binary_cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        value = loss.item()
        seconds = time.perf_counter() - start
        answer(seconds=seconds, loss=value, peakMemoryMiB=peak_memory_mib())


if __name__ == "__main__":
    main()

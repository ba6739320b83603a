"""The networks of the benches in PyTorch, as peers.

Takes a command per line on stdin and answers with one JSON line.
  step      one training step: seconds, loss, peak memory
  profile   one training step whose convolutions and normalizations are timed: kernel, shapes as ours, seconds
  torch_networks.py --model mini_xception --threads 2 --layout channels_last --batch 32 --size 180
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


def pool_same(x):
    """Maximum over 3 x 3 with stride 2 and the 'same' padding of Keras, which PyTorch's own padding cannot say."""
    pads = []
    for size in (x.shape[3], x.shape[2]):
        pad = max((-(-size // 2) - 1) * 2 + 3 - size, 0)
        pads += [pad // 2, pad - pad // 2]
    return F.max_pool2d(F.pad(x, pads, value=float("-inf")), 3, 2)


def normalization(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class Separable(nn.Module):
    def __init__(self, inputs, filters):
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
        self.pointwise = nn.Conv2d(inputs, filters, 1, bias=False)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Residual(nn.Module):
    """Two rounds of batch_norm, relu and separable convolution, pooled, plus a projection of the input."""

    def __init__(self, inputs, filters):
        super().__init__()
        self.norms = nn.ModuleList(normalization(c) for c in (inputs, filters))
        self.separables = nn.ModuleList(Separable(c, filters) for c in (inputs, filters))
        self.projection = nn.Conv2d(inputs, filters, 1, stride=2, bias=False)

    def forward(self, x):
        y = x
        for norm, separable in zip(self.norms, self.separables):
            y = separable(F.relu(norm(y)))
        return pool_same(y) + self.projection(x)


class Plain(nn.Module):
    """The same with full convolutions and without the projection."""

    def __init__(self, inputs, filters):
        super().__init__()
        self.norms = nn.ModuleList(normalization(c) for c in (inputs, filters))
        self.convolutions = nn.ModuleList(nn.Conv2d(c, filters, 3, padding=1, bias=False) for c in (inputs, filters))

    def forward(self, x):
        for norm, convolution in zip(self.norms, self.convolutions):
            x = convolution(F.relu(norm(x)))
        return pool_same(x)


class MiniXception(nn.Module):
    """A 5 x 5 convolution, five blocks, global average pooling; dropout; one sigmoid."""

    def __init__(self, block):
        super().__init__()
        filters = [32, 64, 128, 256, 512]
        self.first = nn.Conv2d(3, 32, 5, bias=False)
        self.blocks = nn.Sequential(*(block(i, o) for i, o in zip([32] + filters, filters)))
        self.dense = nn.Linear(512, 1)

    def forward(self, x):
        x = self.blocks(self.first(x / 255.0))
        return torch.sigmoid(self.dense(F.dropout(x.mean((2, 3)), 0.5, self.training)))


MODELS = {
    "keras_convnet": ConvNet,
    "mini_xception": lambda size: MiniXception(Residual),
    "mini_xception_conv": lambda size: MiniXception(Plain),
}


def peak_memory_mib():
    """VmHWM where the system tells it; the counter of getrusage starts at the size of the parent process."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# What is timed, and the part of our work that it does. A relu behind a normalization is part of ours.
KERNELS = {
    "aten::conv2d": "convolution.forward",
    "aten::convolution_backward": "convolution.backward",
    "aten::batch_norm": "batch_norm.forward",
    "aten::relu": "batch_norm.forward",
    "aten::native_batch_norm_backward": "batch_norm.backward",
    "aten::threshold_backward": "batch_norm.backward",
}


def slot(shape):
    """An NCHW tensor as NHWC."""
    n, c, h, w = shape
    return {"dtype": "float32", "shape": [n, h, w, c]}


def called(event, outputs):
    """A timed call: x, a convolution's weight as HWIO, and its y. `outputs` are those of the convolutions to come."""
    kernel, shapes = KERNELS[event.name], [shape for shape in event.input_shapes if len(shape) == 4]
    seconds = event.cpu_time_total * 1e-6
    if kernel == "convolution.backward":
        y, x, weight = shapes[:3]
    elif kernel == "convolution.forward":
        x, weight = shapes[:2]
        y = outputs.pop(0)
    else:
        return {"kernel": kernel, "slots": [slot(shapes[0])], "settings": {}, "seconds": seconds}
    o, i, kh, kw = weight
    slots = [slot(x), {"dtype": "float32", "shape": [kh, kw, i, o]}, slot(y)]
    return {"kernel": kernel, "slots": slots, "settings": {}, "seconds": seconds}


def profile(model, step):
    """One step with its timed calls."""
    outputs = []  # shapes alone do not tell a convolution's stride
    convolutions = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
    hooks = [m.register_forward_hook(lambda _m, _x, y: outputs.append(list(y.shape))) for m in convolutions]
    with torch.autograd.profiler.profile(record_shapes=True) as profiler:
        seconds, _ = step()
    for hook in hooks:
        hook.remove()
    events = sorted(profiler.function_events, key=lambda event: event.time_range.start)
    calls = [called(event, outputs) for event in events if event.name in KERNELS and len(event.input_shapes[0]) == 4]
    return {"seconds": seconds, "calls": calls}


def answer(**fields):
    print(json.dumps(fields), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=list(MODELS), required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--layout", choices=["channels_last", "contiguous"], required=True)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--size", type=int, default=180)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1001)
    layout = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}[options.layout]
    model = MODELS[options.model](options.size).to(memory_format=layout)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
    x = (torch.rand(options.batch, 3, options.size, options.size) * 255).to(memory_format=layout)
    y = (torch.rand(options.batch, 1) > 0.5).float()

    parameters = sum(p.numel() for p in model.parameters())
    answer(name=f"torch {torch.__version__} {options.layout}", parameters=parameters)

    def step():
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = F.binary_cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        value = loss.item()
        return time.perf_counter() - start, value

    for command in sys.stdin:
        if command.strip() == "profile":
            answer(**profile(model, step))
        else:
            seconds, loss = step()
            answer(seconds=seconds, loss=loss, peakMemoryMiB=peak_memory_mib())


if __name__ == "__main__":
    main()

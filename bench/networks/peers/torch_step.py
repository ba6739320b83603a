"""Training steps of the named networks in PyTorch, as peers: layer by layer those of lib/networks.

Takes a line on stdin for each step and answers with one JSON line: seconds, loss, peak memory.
  torch_step.py --model resnet18 --threads 2 --batch 32 --size 224 --classes 1000
"""
import argparse
import json
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "models" / "peers"))
from torch_networks import ConvNet, MiniXception, Residual as XceptionBlock, answer, peak_memory_mib  # noqa: E402


class Scaled(nn.Module):
    """Values of 0 to 255 times `scale` plus `offset`, as the network's preprocessing makes them."""

    def __init__(self, scale, offset=0.0):
        super().__init__()
        self.scale, self.offset = (torch.tensor(v, dtype=torch.float32).view(-1, 1, 1) for v in (scale, offset))

    def forward(self, x):
        return x * self.scale + self.offset


def unit():
    return Scaled(1 / 255)


def minus_one_to_one():
    return Scaled(1 / 127.5, -1.0)


def imagenet():
    mean, deviation = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    return Scaled([1 / (255 * d) for d in deviation], [-m / d for m, d in zip(mean, deviation)])


def lenet5(classes):
    return nn.Sequential(
        unit(), nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, classes),
    )


def twice(inputs, filters):
    return nn.Sequential(
        nn.Conv2d(inputs, filters, 3, padding=1), nn.ReLU(True), nn.Conv2d(filters, filters, 3, padding=1), nn.ReLU(True)
    )


class UNet(nn.Module):
    """Four levels of 64 to 512 filters, 1024 below, transposed convolutions of size 2 on the way up."""

    def __init__(self):
        super().__init__()
        widths = [64, 128, 256, 512, 1024]
        self.scaled = unit()
        self.down = nn.ModuleList(twice(i, o) for i, o in zip([1] + widths, widths))
        self.larger = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in widths[-2::-1])
        self.up = nn.ModuleList(twice(2 * w, w) for w in widths[-2::-1])
        self.head = nn.Conv2d(64, 1, 1)

    def forward(self, x):
        x, skipped = self.scaled(x), []
        for level, block in enumerate(self.down):
            if level > 0:
                skipped.append(x)
                x = F.max_pool2d(x, 2)
            x = block(x)
        x = F.dropout(x, 0.5, self.training)
        for larger, block in zip(self.larger, self.up):
            x = block(torch.cat([skipped.pop(), larger(x)], 1))
        return self.head(x)


class PreActBlock(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.norm1, self.norm2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(filters)
        self.conv1 = nn.Conv2d(inputs, filters, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.shortcut = nn.Conv2d(inputs, filters, 1, stride, bias=False) if stride != 1 or inputs != filters else None

    def forward(self, x):
        y = F.relu(self.norm1(x))
        shortcut = x if self.shortcut is None else self.shortcut(y)
        return self.conv2(F.relu(self.norm2(self.conv1(y)))) + shortcut


def preact_resnet18(classes):
    layers, inputs = [imagenet(), nn.Conv2d(3, 64, 3, 1, 1, bias=False)], 64
    for filters, stride in [(64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)]:
        layers.append(PreActBlock(inputs, filters, stride))
        inputs = filters
    return nn.Sequential(*layers, nn.AvgPool2d(4), nn.Flatten(), nn.Linear(512, classes))


def mobilenet(classes):
    def convolution(inputs, filters, size, stride, groups=1):
        padding = size // 2
        return [
            nn.Conv2d(inputs, filters, size, stride, padding, groups=groups, bias=False),
            nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
            nn.ReLU6(True),
        ]

    layers, inputs = [minus_one_to_one(), *convolution(3, 32, 3, 2)], 32
    steps = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
    for filters, stride in steps:
        layers += convolution(inputs, inputs, 3, stride, inputs) + convolution(inputs, filters, 1, 1)
        inputs = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Dropout(1e-3), nn.Flatten(), nn.Linear(1024, classes))


def separable(inputs, filters):
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, 1, 1, groups=inputs, bias=False),
        nn.Conv2d(inputs, filters, 1, bias=False),
        nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
    )


class XceptionStage(nn.Module):
    """Separable convolutions, each behind a relu where it is said, and a shortcut: a convolution where the stage is pooled."""

    def __init__(self, inputs, widths, pooled, first_relu=True):
        super().__init__()
        self.separables = nn.ModuleList(separable(i, o) for i, o in zip([inputs, *widths], widths))
        self.first_relu = first_relu
        self.shortcut = None
        if pooled:
            norm = nn.BatchNorm2d(widths[-1], eps=1e-3, momentum=0.01)
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, widths[-1], 1, 2, bias=False), norm)

    def forward(self, x):
        y = x
        for place, layer in enumerate(self.separables):
            y = layer(F.relu(y) if place > 0 or self.first_relu else y)
        return y + x if self.shortcut is None else F.max_pool2d(y, 3, 2, 1) + self.shortcut(x)


def xception(classes):
    def norm(channels):
        return [nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01), nn.ReLU(True)]

    entry = [nn.Conv2d(3, 32, 3, 2, bias=False), *norm(32), nn.Conv2d(32, 64, 3, bias=False), *norm(64)]
    stages = [XceptionStage(64, [128, 128], True, False), XceptionStage(128, [256, 256], True)]
    stages += [XceptionStage(256, [728, 728], True)] + [XceptionStage(728, [728] * 3, False) for _ in range(8)]
    stages += [XceptionStage(728, [728, 1024], True)]
    leave = [separable(1024, 1536), nn.ReLU(True), separable(1536, 2048), nn.ReLU(True)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, classes)]
    return nn.Sequential(minus_one_to_one(), *entry, *stages, *leave, *head)


class Residual(nn.Module):
    """Convolutions with a normalization each, relu between them, the shortcut added before the last relu: 1 x 1 where shapes differ."""

    def __init__(self, inputs, convolutions, stride):
        super().__init__()
        layers = []
        for convolution in convolutions:
            layers += [convolution, nn.BatchNorm2d(convolution.out_channels), nn.ReLU(True)]
        self.body = nn.Sequential(*layers[:-1])
        filters = convolutions[-1].out_channels
        self.shortcut = None
        if stride != 1 or inputs != filters:
            projection = nn.Conv2d(inputs, filters, 1, stride, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(filters))

    def forward(self, x):
        return F.relu(self.body(x) + (x if self.shortcut is None else self.shortcut(x)))


def resnet(classes, blocks, bottleneck):
    """ResNet-18 and -50 as torchvision has them: a bottleneck's stride is in its 3 x 3."""
    layers = [imagenet(), nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(True), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for level, count in enumerate(blocks):
        width = 64 << level
        for block in range(count):
            stride = 2 if block == 0 and level > 0 else 1
            middle = nn.Conv2d(width if bottleneck else inputs, width, 3, stride, 1, bias=False)
            if bottleneck:
                ends = nn.Conv2d(inputs, width, 1, bias=False), nn.Conv2d(width, 4 * width, 1, bias=False)
                convolutions = [ends[0], middle, ends[1]]
            else:
                convolutions = [middle, nn.Conv2d(width, width, 3, 1, 1, bias=False)]
            layers.append(Residual(inputs, convolutions, stride))
            inputs = convolutions[-1].out_channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


class Inverted(nn.Module):
    """An inverted residual of MobileNetV2: wider, depthwise, narrower without an activation."""

    def __init__(self, inputs, filters, stride, factor):
        super().__init__()
        wide = inputs * factor
        steps = [(inputs, wide, 1, 1, 1)] if factor != 1 else []
        steps += [(wide, wide, 3, stride, wide), (wide, filters, 1, 1, 1)]
        layers = []
        for i, o, size, step, groups in steps:
            layers += [nn.Conv2d(i, o, size, step, size // 2, groups=groups, bias=False)]
            layers += [nn.BatchNorm2d(o, eps=1e-3, momentum=0.01), nn.ReLU6(True)]
        self.body = nn.Sequential(*layers[:-1])
        self.added = stride == 1 and inputs == filters

    def forward(self, x):
        return x + self.body(x) if self.added else self.body(x)


def mobilenet_v2(classes):
    def ends(inputs, filters, size, stride):
        norm = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)
        return [nn.Conv2d(inputs, filters, size, stride, size // 2, bias=False), norm, nn.ReLU6(True)]

    layers, inputs = [minus_one_to_one(), *ends(3, 32, 3, 2)], 32
    stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for factor, filters, count, stride in stages:
        for block in range(count):
            layers.append(Inverted(inputs, filters, stride if block == 0 else 1, factor))
            inputs = filters
    return nn.Sequential(*layers, *ends(320, 1280, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, classes))


class Branches(nn.Module):
    """What several paths make of the same values, beside each other."""

    def __init__(self, *paths):
        super().__init__()
        self.paths = nn.ModuleList(nn.Sequential(*path) for path in paths)

    def forward(self, x):
        return torch.cat([path(x) for path in self.paths], 1)


def rectified(inputs, filters, size, stride=1, padding=0):
    """Convolution, normalization without a factor, relu, as Inception V3 has them in Keras."""
    norm = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)
    norm.weight = None
    return nn.Sequential(nn.Conv2d(inputs, filters, size, stride, padding, bias=False), norm, nn.ReLU(True))


def path(inputs, *steps):
    """Convolutions one after the other: (filters, size), padded so that sides stay, or (filters, size, stride) without padding."""
    layers = []
    for filters, size, *stride in steps:
        sides = (size, size) if isinstance(size, int) else size
        padding = 0 if stride else tuple(side // 2 for side in sides)
        layers.append(rectified(inputs, filters, sides, *(stride or [1]), padding=padding))
        inputs = filters
    return layers


def inception_v3(classes):
    def average(inputs, filters):
        return [nn.AvgPool2d(3, 1, 1, count_include_pad=False), *path(inputs, (filters, 1))]

    row, column = (1, 7), (7, 1)
    layers = [*path(3, (32, 3, 2), (32, 3, 1), (64, 3)), nn.MaxPool2d(3, 2), *path(64, (80, 1, 1), (192, 3, 1))]
    layers.append(nn.MaxPool2d(3, 2))
    for i, pooled in ((192, 32), (256, 64), (288, 64)):
        five, three = path(i, (48, 1), (64, 5)), path(i, (64, 1), (96, 3), (96, 3))
        layers.append(Branches(path(i, (64, 1)), five, three, average(i, pooled)))
    layers.append(Branches(path(288, (384, 3, 2)), path(288, (64, 1), (96, 3), (96, 3, 2)), [nn.MaxPool2d(3, 2)]))
    for c in (128, 160, 160, 192):
        seven = path(768, (c, 1), (c, row), (192, column))
        twice_seven = path(768, (c, 1), (c, column), (c, row), (c, column), (192, row))
        layers.append(Branches(path(768, (192, 1)), seven, twice_seven, average(768, 192)))
    last = path(768, (192, 1), (192, row), (192, column), (192, 3, 2))
    layers.append(Branches(path(768, (192, 1), (320, 3, 2)), last, [nn.MaxPool2d(3, 2)]))
    for i in (1280, 2048):
        apart = [Branches(path(384, (384, (1, 3))), path(384, (384, (3, 1))))]
        also = [Branches(path(384, (384, (1, 3))), path(384, (384, (3, 1))))]
        middle = [path(i, (384, 1)) + apart, path(i, (448, 1), (384, 3)) + also]
        layers.append(Branches(path(i, (320, 1)), *middle, average(i, 192)))
    return nn.Sequential(minus_one_to_one(), *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, classes))


def adam(rate):
    return lambda parameters: torch.optim.Adam(parameters, lr=rate, eps=1e-7)


def sgd(rate):
    return lambda parameters: torch.optim.SGD(parameters, lr=rate, momentum=0.9)


def rmsprop(rate=1e-3, epsilon=1e-7):
    return lambda parameters: torch.optim.RMSprop(parameters, lr=rate, alpha=0.9, eps=epsilon)


# The network by its number of classes, and what it learns by.
MODELS = {
    "keras_convnet": (lambda classes: ConvNet(180), rmsprop()),
    "mini_xception": (lambda classes: MiniXception(XceptionBlock), rmsprop()),
    "lenet5": (lenet5, adam(1e-3)),
    "unet": (lambda classes: UNet(), adam(1e-4)),
    "preact_resnet18": (preact_resnet18, sgd(0.1)),
    "resnet18": (lambda classes: resnet(classes, [2, 2, 2, 2], False), sgd(0.1)),
    "resnet50": (lambda classes: resnet(classes, [3, 4, 6, 3], True), sgd(0.1)),
    "mobilenet": (mobilenet, rmsprop()),
    "mobilenet_v2": (mobilenet_v2, rmsprop()),
    "inception_v3": (inception_v3, rmsprop(0.045, 1.0)),
    "xception": (xception, sgd(0.045)),
}
CHANNELS = {"lenet5": 1, "unet": 1}


def targets(model, batch, size, classes):
    """What the network is to give, and the loss of what it gives."""
    if model == "unet":
        kernels = 1e-3  # of the sum of squares of all kernels
        y = (torch.rand(batch, 1, size, size) > 0.5).float()
        return lambda net, x: F.binary_cross_entropy_with_logits(net(x), y) + kernels * sum(
            p.square().sum() for p in net.parameters() if p.dim() == 4
        )
    if model in ("keras_convnet", "mini_xception"):
        y = (torch.rand(batch, 1) > 0.5).float()
        return lambda net, x: F.binary_cross_entropy(net(x), y)
    y = torch.randint(classes, (batch,))
    return lambda net, x: F.cross_entropy(net(x), y)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=list(MODELS), required=True)
    for name in ("threads", "batch", "size", "classes"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1001)
    build, optimize = MODELS[options.model]
    net = build(options.classes).to(memory_format=torch.channels_last)
    optimizer = optimize(net.parameters())
    channels = CHANNELS.get(options.model, 3)
    x = torch.rand(options.batch, channels, options.size, options.size) * 255
    x = x.to(memory_format=torch.channels_last)
    loss_of = targets(options.model, options.batch, options.size, options.classes)
    parameters = sum(p.numel() for p in net.parameters())
    answer(name=f"torch {torch.__version__}", parameters=parameters)
    for _ in sys.stdin:
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = loss_of(net, x)
        loss.backward()
        optimizer.step()
        value = loss.item()
        answer(seconds=time.perf_counter() - start, loss=value, peakMemoryMiB=peak_memory_mib())


if __name__ == "__main__":
    main()

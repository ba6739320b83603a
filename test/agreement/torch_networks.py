"""Writes what the residual networks of PyTorch are, for networks.test.ts.

python3 test/agreement/torch_networks.py test/agreement/fixtures/networks

The modules have the layout that torchvision publishes for resnet18 and resnet50, and the common PyTorch code for PreActResNet-18 on
CIFAR-10. torch.json.gz: name and shape of every entry of the full-size state_dicts. Of each network with a thirty-second of its filters:
TAG_torch.npz with its state_dict, pictures `x`, `logits` in inference, and the moving statistics behind one call in training.
"""
import gzip
import json
import sys

import numpy
import torch
from torch import nn

torch.manual_seed(2011)


def conv(ins, outs, size, stride=1):
    return nn.Conv2d(ins, outs, size, stride, size // 2, bias=False)


class Basic(nn.Module):
    expansion = 1

    def __init__(self, ins, n, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(ins, n, 3, stride), nn.BatchNorm2d(n)
        self.conv2, self.bn2 = conv(n, n, 3), nn.BatchNorm2d(n)
        if stride != 1 or ins != n:
            self.downsample = nn.Sequential(conv(ins, n, 1, stride), nn.BatchNorm2d(n))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, ins, n, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(ins, n, 1), nn.BatchNorm2d(n)
        self.conv2, self.bn2 = conv(n, n, 3, stride), nn.BatchNorm2d(n)
        self.conv3, self.bn3 = conv(n, 4 * n, 1), nn.BatchNorm2d(4 * n)
        if stride != 1 or ins != 4 * n:
            self.downsample = nn.Sequential(conv(ins, 4 * n, 1, stride), nn.BatchNorm2d(4 * n))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu())).relu()
        y = self.bn3(self.conv3(y))
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


class Resnet(nn.Module):
    def __init__(self, block, counts, width=1, classes=1000):
        super().__init__()
        n = int(64 * width)
        self.conv1, self.bn1, self.maxpool = conv(3, n, 7, 2), nn.BatchNorm2d(n), nn.MaxPool2d(3, 2, 1)
        ins = n
        for i, count in enumerate(counts):
            wide = int(64 * 2**i * width)
            blocks = []
            for k in range(count):
                blocks.append(block(ins, wide, 2 if i > 0 and k == 0 else 1))
                ins = wide * block.expansion
            setattr(self, f"layer{i + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(ins, classes)

    def forward(self, x):
        x = self.maxpool(self.bn1(self.conv1(x)).relu())
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class Before(nn.Module):
    def __init__(self, ins, n, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(ins), conv(ins, n, 3, stride)
        self.bn2, self.conv2 = nn.BatchNorm2d(n), conv(n, n, 3)
        if stride != 1 or ins != n:
            self.shortcut = nn.Sequential(conv(ins, n, 1, stride))

    def forward(self, x):
        before = self.bn1(x).relu()
        past = self.shortcut(before) if hasattr(self, "shortcut") else x
        return self.conv2(self.bn2(self.conv1(before)).relu()) + past


class PreactResnet(nn.Module):
    def __init__(self, width=1, classes=10):
        super().__init__()
        ins = int(64 * width)
        self.conv1 = conv(3, ins, 3)
        for i in range(4):
            n = int(64 * 2**i * width)
            setattr(self, f"layer{i + 1}", nn.Sequential(Before(ins, n, 2 if i else 1), Before(n, n, 1)))
            ins = n
        self.linear = nn.Linear(ins, classes)

    def forward(self, x):
        x = self.layer4(self.layer3(self.layer2(self.layer1(self.conv1(x)))))
        return self.linear(x.mean((2, 3)))


NETWORKS = {
    "resnet18": lambda *size: Resnet(Basic, [2, 2, 2, 2], *size),
    "resnet50": lambda *size: Resnet(Bottleneck, [3, 4, 6, 3], *size),
    "preact_resnet18": lambda *size: PreactResnet(*size),
}

out = sys.argv[1]
facts = {"torch": torch.__version__, "networks": {}}
for tag, make in NETWORKS.items():
    whole = make()
    facts["networks"][tag] = {
        "trainable": sum(p.numel() for p in whole.parameters()),
        "state": {name: list(value.shape) for name, value in whole.state_dict().items() if "tracked" not in name},
    }
    net = make(1 / 32, 5)
    x = torch.randn(3, 3, 36, 45)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.1)
            module.momentum = None
    with torch.no_grad():
        net.train()(torch.randn(8, 3, 36, 45))  # the moving statistics are those of a batch
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 0.1
        state = {name: value.clone() for name, value in net.state_dict().items()}
        logits = net.eval()(x)
        net.train()(x)
    moved = {f"moved/{name}": value for name, value in net.state_dict().items() if "running" in name}
    kept = {**{f"state/{name}": value for name, value in state.items()}, **moved, "x": x.permute(0, 2, 3, 1), "logits": logits}
    numpy.savez_compressed(f"{out}/{tag}_torch.npz", **{name: value.numpy() for name, value in kept.items()})
    print(tag, facts["networks"][tag]["trainable"], logits[0, :4])
with gzip.GzipFile(f"{out}/torch.json.gz", "wb", mtime=0) as file:
    file.write(json.dumps(facts).encode())

"""Writes the state of a network of PyTorch as safetensors, and what it predicts.

python3 test/agreement/torch_state.py test/agreement/fixtures/files

torch_state.safetensors has the names and axes of its state_dict, `num_batches_tracked` as int64, one tensor as float16 and one as
bfloat16; torch_state.json the inputs [n, h, w, c] and the predictions in inference.
"""
import json
import struct
import sys

import numpy
import torch
from torch import nn

torch.manual_seed(1816)
out = sys.argv[1]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(2, 4, (3, 2)), nn.BatchNorm2d(4), nn.PReLU(4),
            nn.Conv2d(4, 8, 2, groups=4), nn.GroupNorm(2, 8), nn.ReLU(),
            nn.ConvTranspose2d(8, 3, 2, stride=2), nn.MaxPool2d(2),
        )
        self.head = nn.Sequential(nn.Linear(3 * 3 * 4, 5), nn.LayerNorm(5), nn.GELU(), nn.Linear(5, 2))

    def forward(self, x):
        return self.head(torch.flatten(self.features(x), 1))


net = Net()
with torch.no_grad():
    for name, value in net.state_dict().items():
        if value.dtype == torch.float32:
            value.copy_(torch.rand_like(value) + 0.5 if "running_var" in name else torch.randn_like(value) / 3)
    # Values that the small types have.
    net.features[0].bias.copy_(net.features[0].bias.half().float())
    net.head[0].bias.copy_(net.head[0].bias.bfloat16().float())
net.features[1].num_batches_tracked.fill_(7)
net.eval()
x = torch.randn(3, 2, 6, 6)
state = dict(net.state_dict())
state["features.0.bias"] = state["features.0.bias"].half()
state["head.0.bias"] = state["head.0.bias"].bfloat16()
words = {torch.float32: "F32", torch.int64: "I64", torch.float16: "F16", torch.bfloat16: "BF16"}
header, data = {"__metadata__": {"format": "pt"}}, b""
for name, value in state.items():
    flat = value.contiguous().reshape(-1)
    raw = (flat.view(torch.int16) if value.dtype == torch.bfloat16 else flat).numpy().tobytes()
    header[name] = {"dtype": words[value.dtype], "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(f"{out}/torch_state.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
with torch.no_grad():
    y = net(x)
flat = lambda tensor: tensor.contiguous().reshape(-1).tolist()
with open(f"{out}/torch_state.json", "w") as file:
    json.dump({"torch": torch.__version__, "x": flat(x.permute(0, 2, 3, 1)), "y": flat(y)}, file, indent=2)
    file.write("\n")

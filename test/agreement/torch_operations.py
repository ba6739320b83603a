"""Writes what PyTorch makes of single operations: outputs, and gradients by the inputs, one JSON line each.

python3 test/agreement/torch_operations.py > test/agreement/fixtures/torch_operations.jsonl

Each line: `name`, the operation here (`op`) and its `options`, and as base64 of float32 `inputs`, `dy`, `y`, `gradients`, with
their shapes. Pictures are written as [n, h, w, c]. The values of a line are drawn by its name alone.
"""
import base64
import json
import zlib

import numpy
import torch

F = torch.nn.functional


def nhwc(operation):
    return lambda x: operation(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def max_pool(**options):
    return nhwc(lambda x: F.max_pool2d(x, **options))


def average_pool(**options):
    return nhwc(lambda x: F.avg_pool2d(x, **options))


PICTURE = (2, 8, 9, 3)
CASES = [
    ("max_pool2d", "maxPool2d", {"poolSize": 3, "strides": 2, "padding": [1, 1, 1, 1]}, [PICTURE],
     max_pool(kernel_size=3, stride=2, padding=1)),
    ("max_pool2d_ceil", "maxPool2d", {"poolSize": [3, 2], "strides": 2, "ceilMode": True}, [PICTURE],
     max_pool(kernel_size=(3, 2), stride=2, ceil_mode=True)),
    ("max_pool2d_ceil_in_the_padding", "maxPool2d",
     {"poolSize": 2, "strides": 3, "padding": [1, 1, 1, 1], "ceilMode": True}, [(2, 8, 10, 3)],
     max_pool(kernel_size=2, stride=3, padding=1, ceil_mode=True)),
    ("max_pool2d_dilated", "maxPool2d",
     {"poolSize": [2, 3], "strides": [1, 2], "padding": [1, 1, 1, 1], "dilations": [3, 2], "ceilMode": True}, [PICTURE],
     max_pool(kernel_size=(2, 3), stride=(1, 2), padding=1, dilation=(3, 2), ceil_mode=True)),
    ("average_pool2d", "averagePool2d", {"poolSize": 3, "strides": 2, "padding": [1, 1, 1, 1]}, [PICTURE],
     average_pool(kernel_size=3, stride=2, padding=1, count_include_pad=False)),
    ("average_pool2d_counted", "averagePool2d",
     {"poolSize": [3, 2], "strides": 2, "padding": [1, 1, 0, 0], "countPadding": True}, [PICTURE],
     average_pool(kernel_size=(3, 2), stride=2, padding=(1, 0))),
    ("average_pool2d_ceil", "averagePool2d",
     {"poolSize": 3, "strides": 2, "padding": [1, 1, 1, 1], "ceilMode": True}, [PICTURE],
     average_pool(kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)),
    ("average_pool2d_ceil_counted", "averagePool2d",
     {"poolSize": 3, "strides": [2, 3], "padding": [1, 1, 1, 1], "ceilMode": True, "countPadding": True}, [PICTURE],
     average_pool(kernel_size=3, stride=(2, 3), padding=1, ceil_mode=True)),
    ("layer_norm", "layerNorm", {"epsilon": 1e-5}, [(4, 5, 19), (19,), (19,)],
     lambda x, gamma, beta: F.layer_norm(x, (19,), gamma, beta)),
    ("layer_norm_axes", "layerNorm", {"axes": [-2, -1], "epsilon": 0.01}, [(3, 5, 7), (5, 7), (5, 7)],
     lambda x, gamma, beta: F.layer_norm(x, (5, 7), gamma, beta, 0.01)),
    ("group_norm", "groupNorm", {"groups": 3, "epsilon": 1e-5}, [(2, 4, 5, 6), (6,), (6,)],
     lambda x, gamma, beta: nhwc(lambda x: F.group_norm(x, 3, gamma, beta))(x)),
    ("l2_normalize", "l2Normalize", {"axes": [1]}, [(3, 17, 5)], lambda x: F.normalize(x, dim=1)),
    ("max_ties", "max", {"axes": [0, 2]}, [(5, 3, 7)], lambda x: torch.amax(x, dim=(0, 2))),
    ("min_ties", "min", {"axes": [1]}, [(4, 37)], lambda x: torch.amin(x, dim=1)),
    ("gelu", "gelu", {}, [(3, 5, 7)], F.gelu),
    ("gelu_tanh", "gelu", {"approximate": True}, [(3, 5, 7)], lambda x: F.gelu(x, approximate="tanh")),
    ("log_softmax", "logSoftmax", None, [(3, 5, 7)], lambda x: F.log_softmax(x, dim=-1)),
    ("pow_3", "pow", 3, [(4, 9)], lambda x: x ** 3),
    ("pow_0", "pow", 0, [(4, 9)], lambda x: x ** 0),
    ("matmul", "matmul", {}, [(2, 3, 5, 7), (2, 3, 7, 4)], torch.matmul),
    ("matmul_broadcast", "matmul", {"transposeB": True}, [(2, 1, 5, 7), (3, 4, 7)], lambda a, b: a @ b.mT),
    ("matmul_transposed", "matmul", {"transposeA": True}, [(6, 7, 5), (7, 4)], lambda a, b: a.mT @ b),
    ("pow_of_two", "pow", None, [(2, 1, 9), (3, 1)], torch.pow),
    ("gather", "gather", {"indices": [3, 0, 3, 3, 1], "axis": 1}, [(2, 4, 5)],
     lambda x: torch.index_select(x, 1, torch.tensor([3, 0, 3, 3, 1]))),
]


def kept(tensor):
    array = numpy.ascontiguousarray(tensor.detach().numpy(), numpy.float32)
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


for name, op, options, shapes, operation in CASES:
    random = numpy.random.RandomState(zlib.crc32(name.encode()))
    drawn = [random.standard_normal(shape).astype(numpy.float32) for shape in shapes]
    if name.endswith("ties"):
        drawn = [numpy.round(values) for values in drawn]
    if name == "pow_of_two":
        drawn[0] = abs(drawn[0]) + numpy.float32(0.25)
    inputs = [torch.tensor(values, requires_grad=True) for values in drawn]
    y = operation(*inputs)
    dy = torch.tensor(random.standard_normal(tuple(y.shape)).astype(numpy.float32))
    y.backward(dy)
    print(json.dumps({
        "name": name, "torch": torch.__version__, "op": op, "options": options, "inputs": [kept(x) for x in inputs],
        "dy": kept(dy), "y": kept(y), "gradients": [kept(x.grad) for x in inputs],
    }, separators=(",", ":")))

"""How numpy prints and slices arrays, one JSON object a line, the versions first.

python3 test/agreement/numpy_samples.py > test/agreement/fixtures/numpy.jsonl

Values are float32 bits or integers in row-major order. Made with numpy 1: numpy 2.2 adds the shape to shortened arrays.
"""
import json
import platform
import random

import numpy

print(json.dumps({"python": platform.python_version(), "numpy": numpy.__version__}))
r = random.Random(1001)


def tell_print(what, array):
    array = numpy.asarray(array)
    words = array.view(numpy.uint32) if array.dtype == numpy.float32 else array
    sample = {"what": what, "shape": list(array.shape), "dtype": str(array.dtype), "words": words.ravel().tolist()}
    print(json.dumps({"kind": "print", **sample, "numpy": repr(array)}))


def tell_slice(shape, text):
    whole = numpy.arange(int(numpy.prod(shape))).reshape(shape)
    part = eval(f"whole[{text}]")
    found = {"shape": list(numpy.shape(part)), "offsets": numpy.ravel(part).tolist()}
    print(json.dumps({"kind": "slice", "shape": list(shape), "slice": text, "numpy": found}))


def floats(shape, draw):
    return numpy.array([draw() for _ in range(int(numpy.prod(shape)))], dtype=numpy.float32).reshape(shape)


SHAPES = [(), (1,), (3, 3), (32,), (2, 3, 4), (2, 1, 2, 2), (7, 11)]
for number in range(60):
    scale = r.choice([0.1, 0.05, 1, 30, 2e5])
    tell_print(f"like weights {number}", floats(SHAPES[number % 7], lambda: scale * (1.3 + r.gauss(0, 1) / 2)))
for number in range(60):
    bits = numpy.array([r.getrandbits(32) for _ in range(r.choice([1, 2, 5, 20]))], dtype=numpy.uint32)
    tell_print(f"any bits {number}", bits.view(numpy.float32))
for number in range(60):
    step = 2.0 ** r.choice([-9, -10, -12, -14, 0, 3])
    tell_print(f"halfway cases {number}", floats((9,), lambda: step * r.randint(-1000, 1000)))
for number in range(20):
    tell_print(f"few digits {number}", floats((6,), lambda: round(r.gauss(0, 1), r.choice([0, 1, 3]))))
for number in range(20):
    tell_print(f"small {number}", floats((2, 5), lambda: r.gauss(0, 1) * 10.0 ** r.randint(-12, -3)))
nan, inf = float("nan"), float("inf")
for number, values in enumerate(
    [[0.0], [-0.0, 0.0], [nan], [inf], [-inf, 1], [nan, -1.5], [nan, 1e-20], [-inf, 1e20, 0.0], [1e8], [99999999.0],
     [1e-4], [1.0, 1000.0], [1.0, 1001.0], [nan, nan], [-inf, nan], [16777216.0, 0.5], [100.25, inf], [1e-45, 3.4e38]]
):
    tell_print(f"strange {number}", numpy.array(values, dtype=numpy.float32))
tell_print("int32", numpy.array([[1, -20], [300, 4]], dtype=numpy.int32))
tell_print("uint8", numpy.arange(60, dtype=numpy.uint8))
tell_print("one int32", numpy.array(-7, dtype=numpy.int32))
for shape in [(1000,), (1001,), (5, 400), (3, 3, 3, 64)]:
    tell_print(f"long {shape}", floats(shape, lambda: r.gauss(0, 0.1) + 0.7))

for shape, slices in {
    (3, 3, 3, 32): [":,:,0,0", "0", "-1,-1", "...,0", "0,...,5", ":, 1 ,::2,-3:", "::-1,0,0,::8", "2:0:-1,1", "...", ":"],
    (3200, 1): [":32,0", "-32:,0", "5:2:-1", "3199", "::100"],
    (7,): ["3", ":3", "-3:", "6::-2", "1:7:3", "7::-1", "-7:7", "+1:+3", "0:1"],
    (2, 1, 5): ["1,0,4", "...,1:3", "1:,:", ":,...,0", "0,0,...", "1,:,:-1"],
}.items():
    for text in slices:
        tell_slice(shape, text)

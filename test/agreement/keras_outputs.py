"""Writes three steps of a functional network of Keras with two inputs, a shared layer and two outputs: config, weights, losses, logs.

python3 test/agreement/keras_outputs.py test/agreement/fixtures/files > test/agreement/fixtures/keras_outputs.json

In the folder it leaves outputs.keras.gz and outputs.h5.gz, compiled and before the first step.
"""
import gzip
import json
import os
import sys
import tempfile

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy

L = keras.layers
keras.utils.set_random_seed(1810)
left, right = keras.Input((4,), name="left"), keras.Input((2, 2), name="right")
shared = L.Dense(3, activation="tanh", name="shared")
a, b = shared(left), shared(L.Flatten(name="flat")(right))
both = L.Concatenate(name="both")([a, b])
kind = L.Dense(3, activation="softmax", name="kind")(both)
size = L.Dense(2, name="size")(L.Subtract(name="less")([a, b]))
model = keras.Model([left, right], [kind, size])
random = numpy.random.RandomState(1811)
draw = lambda *shape: random.standard_normal(shape).astype(numpy.float32)
x = {"left": draw(6, 4), "right": draw(6, 2, 2)}
y = {"kind": random.randint(0, 3, 6), "size": draw(6, 2)}
weight = random.uniform(0.5, 2, 6).astype(numpy.float32)
flat = lambda array: numpy.asarray(array, numpy.float32).ravel().tolist()
weights = lambda: [flat(w) for w in model.get_weights()]
model.compile(
    optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
    loss={"kind": "sparse_categorical_crossentropy", "size": "mse"}, loss_weights={"kind": 0.75, "size": 2.0},
    metrics={"kind": ["accuracy"], "size": ["mae", "mse"]},
)
before = weights()
with tempfile.TemporaryDirectory() as folder:
    for ending in ("keras", "h5"):
        model.save(f"{folder}/outputs.{ending}")
        with gzip.GzipFile(f"{sys.argv[1]}/outputs.{ending}.gz", "wb", mtime=0) as file:
            file.write(open(f"{folder}/outputs.{ending}", "rb").read())
for _ in range(3):
    model.train_on_batch(x, y, sample_weight=weight)
after = weights()
evaluated = model.evaluate(x, y, verbose=0, return_dict=True, batch_size=6)
kinds, sizes = model.predict(x, verbose=0)
table = lambda of: {name: flat(values) for name, values in of.items()}
print(json.dumps({
    "keras": keras.__version__, "config": json.loads(model.to_json()), "x": table(x), "y": table(y), "weight": flat(weight),
    "before": before, "after": after, "evaluated": {k: float(v) for k, v in evaluated.items()},
    "predicted": {"kind": flat(kinds), "size": flat(sizes)},
}, separators=(",", ":")))

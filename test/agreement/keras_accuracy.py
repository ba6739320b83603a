"""Writes what Keras makes of `metrics=["accuracy"]` behind each loss, for each form of targets, as one JSON file.

python3 test/agreement/keras_accuracy.py > test/agreement/fixtures/keras_accuracy.json

For each: `loss`, `prediction` and `target` (nested lists over three samples), the class that `accuracy` becomes, and the value it
has. Compiled and evaluated, so that it is Keras that decides.
"""
import json

import keras
import numpy as np

LOSSES = ["BinaryCrossentropy", "CategoricalCrossentropy"]
SHAPES = [[1], [2], [3], [2, 2, 1], [2, 2, 3]]
CODES = {
    "several": lambda draw, shape: (draw.random([3, *shape]) > 0.5).astype("float32"),
    "one-hot": lambda draw, shape: np.eye(shape[-1], dtype="float32")[draw.integers(0, shape[-1], [3, *shape[:-1]])],
}


def row(loss, shape, code, draw):
    prediction = draw.random([3, *shape]).astype("float32")
    if loss == "CategoricalCrossentropy":
        prediction /= prediction.sum(-1, keepdims=True)
    target = CODES[code](draw, shape)
    inputs = keras.Input(shape=shape)
    # The outputs are the inputs, so what is judged is known.
    net = keras.Model(inputs, keras.layers.Identity()(inputs))
    net.compile(loss=getattr(keras.losses, loss)(), metrics=["accuracy"])
    value = net.evaluate(prediction, target, batch_size=3, verbose=0, return_dict=True)["accuracy"]
    [metric] = [one for one in net._compile_metrics.metrics]
    return {
        "loss": loss, "code": code, "prediction": prediction.tolist(), "target": target.tolist(),
        "class": type(metric).__name__, "value": value,
    }


draw = np.random.default_rng(15)
rows = [
    row(loss, shape, code, draw)
    for loss in LOSSES
    for shape in SHAPES
    for code in CODES
    if not (code == "one-hot" and shape[-1] == 1) and not (loss == "CategoricalCrossentropy" and shape[-1] == 1)
]
print(json.dumps({"keras": keras.__version__, "rows": rows}))

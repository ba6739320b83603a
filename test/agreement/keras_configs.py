"""Reads configs of ours (our_configs.ts) with Keras and writes what it made of them: the SHA-256 of each text that it read,
and its own config of it.

node --import ./test/support/typescript_hooks.mjs test/agreement/our_configs.ts |
  python3 test/agreement/keras_configs.py > test/agreement/fixtures/keras_configs.jsonl

Of networks also every weight's shape by layer, and an output: weights are filled with [(37 j + 11 n) mod 101 - 50] / 200 (j counts
values, n is their number), the input is (j mod 7) / 7. Of schedules the rates of steps 0 to 12.
"""
import hashlib
import json
import os
import sys

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy

ours = json.load(sys.stdin)


def filled(shape, value):
    count = int(numpy.prod(shape))
    return numpy.array([value(j, count) for j in range(count)], numpy.float32).reshape(shape)


def network(config):
    model = keras.models.model_from_json(config)
    weights = [weight for weight in model.weights if "seed" not in weight.name]
    for weight in weights:
        weight.assign(filled(weight.shape, lambda j, n: ((37 * j + 11 * n) % 101 - 50) / 200))
    x = filled((1, *model.input_shape[1:]), lambda j, _: (j % 7) / 7)
    # Values of moving variances are below 0 in places, so networks with them are read and not run.
    runs = not any("variance" in weight.name for weight in weights)
    return {
        "keras": json.loads(model.to_json()),
        "weights": sorted([weight.path, list(weight.shape), bool(weight.trainable)] for weight in weights),
        "output": numpy.asarray(model(x, training=False)).ravel().tolist() if runs else None,
    }


def thing(config):
    made = keras.saving.deserialize_keras_object(json.loads(config))
    return {"keras": keras.saving.serialize_keras_object(made)}


def schedule(config):
    made = keras.saving.deserialize_keras_object(json.loads(config))
    rates = [float(made(step)) for step in range(13)]
    return {"keras": keras.saving.serialize_keras_object(made), "rates": rates}


answers = {"version": keras.__version__}
for kind, read in [("networks", network), ("things", thing), ("schedules", schedule)]:
    answers[kind] = {
        name: {"read": hashlib.sha256(config.encode()).hexdigest(), **read(config)} for name, config in ours[kind].items()
    }
print(json.dumps(answers, default=keras.saving.serialize_keras_object, separators=(",", ":")))

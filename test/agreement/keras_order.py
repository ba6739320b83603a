"""Writes in which order Keras lists the layers of graphs with several inputs and outputs, one JSON line each.

python3 test/agreement/keras_order.py > test/agreement/fixtures/keras_order.jsonl

Each line: `config` of the model, as `to_json` writes it, and `layers`, the names in `model.layers`. The graphs are drawn: every layer
reads one or two of those before it, some layers are used twice, and outputs lie at different depths.
"""
import json
import os
import random

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras

L = keras.layers

for seed in range(12):
    drawn = random.Random(seed)
    inputs = [keras.Input((3,), name=f"input{i}") for i in range(drawn.randint(1, 3))]
    places, shared = list(inputs), L.Dense(3, name="shared")
    for i in range(drawn.randint(4, 9)):
        pair = drawn.sample(places, 2) if len(places) > 1 else places * 2
        kind = drawn.randrange(4)
        if kind == 0:
            places.append(L.Add(name=f"add{i}")(pair))
        elif kind == 1:
            places.append(shared(pair[0]))
        else:
            places.append(L.Dense(3, name=f"dense{i}")(pair[0]))
    made = places[len(inputs):]
    outputs = drawn.sample(made, min(len(made), drawn.randint(2, 3)))
    model = keras.Model(inputs, outputs, name=f"graph{seed}")
    print(json.dumps({"config": json.loads(model.to_json()), "layers": [layer.name for layer in model.layers]}))

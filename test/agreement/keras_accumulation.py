"""Writes seven steps of Adam in Keras with gradient accumulation over three: weights behind every step.

python3 test/agreement/keras_accumulation.py > test/agreement/fixtures/keras_accumulation.json
"""
import json
import os

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy

random = numpy.random.RandomState(1809)
draw = lambda *shape: random.standard_normal(shape).astype(numpy.float32)
flat = lambda array: numpy.asarray(array, numpy.float32).ravel().tolist()
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.set_weights([draw(4, 3), draw(3)])
rate = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
optimizer = keras.optimizers.Adam(rate, clipnorm=0.5, weight_decay=0.01, gradient_accumulation_steps=3)
model.compile(optimizer=optimizer, loss="mse")
before = [flat(w) for w in model.get_weights()]
batches, after = [], []
for _ in range(7):
    x, y = draw(5, 4), draw(5, 3)
    model.train_on_batch(x, y)
    batches.append([flat(x), flat(y)])
    after.append([flat(w) for w in model.get_weights()])
print(json.dumps({
    "keras": keras.__version__, "config": keras.optimizers.serialize(optimizer), "before": before, "batches": batches, "after": after,
}, separators=(",", ":")))

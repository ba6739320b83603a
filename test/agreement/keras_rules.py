"""Writes three steps of a network of Keras whose weights are punished and held: its config, weights before and after, losses.

python3 test/agreement/keras_rules.py > test/agreement/fixtures/keras_rules.json
"""
import json
import os

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy

L, R, C = keras.layers, keras.regularizers, keras.constraints
keras.utils.set_random_seed(1807)
model = keras.Sequential([
    keras.Input((6, 6, 2)),
    L.Conv2D(3, 3, kernel_regularizer=R.L2(0.05), bias_regularizer=R.L1(0.1), kernel_constraint=C.MaxNorm(0.6, axis=[0, 1, 2])),
    L.BatchNormalization(gamma_regularizer=R.L2(0.1), beta_constraint=C.NonNeg()),
    L.DepthwiseConv2D(2, depthwise_regularizer=R.L1L2(0.02, 0.03), depthwise_constraint=C.UnitNorm(axis=[0, 1])),
    L.SeparableConv2D(2, 2, pointwise_regularizer=R.L1(0.02), depthwise_constraint=C.MaxNorm(0.4, axis=[0, 1])),
    L.Conv2DTranspose(2, 2, kernel_regularizer=R.L2(0.03), bias_constraint=C.NonNeg()),
    L.PReLU(alpha_regularizer=R.L2(0.2), alpha_constraint=C.NonNeg(), alpha_initializer="random_normal"),
    L.Flatten(),
    L.Dense(3, kernel_regularizer=R.L2(10.0), trainable=False),
    L.Dense(2, kernel_regularizer=R.L1L2(0.01, 0.02), kernel_constraint=C.UnitNorm(), bias_constraint=C.MaxNorm(0.02)),
])
random = numpy.random.RandomState(1808)
for weight in model.weights:
    if "bias" in weight.name or "beta" in weight.name:
        weight.assign(random.normal(0, 0.1, weight.shape).astype(numpy.float32))
x = random.standard_normal((5, 6, 6, 2)).astype(numpy.float32)
y = random.standard_normal((5, 2)).astype(numpy.float32)
flat = lambda array: numpy.asarray(array, numpy.float32).ravel().tolist()
weights = lambda: [flat(w) for w in model.get_weights()]
model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9), loss="mse")
before = weights()
losses = [float(model.train_on_batch(x, y)) for _ in range(1)]
after = [weights()]
for _ in range(2):
    losses.append(float(model.train_on_batch(x, y)))
after.append(weights())
print(json.dumps({
    "keras": keras.__version__, "config": json.loads(model.to_json()), "x": flat(x), "y": flat(y), "before": before,
    "losses": losses, "after": after, "evaluated": float(model.evaluate(x, y, verbose=0)),
}, separators=(",", ":")))

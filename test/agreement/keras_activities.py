"""Writes three steps of a network of Keras whose outputs are punished: its config, weights before and after, losses.

python3 test/agreement/keras_activities.py > test/agreement/fixtures/keras_activities.json

Punished are an output behind which a relu stands, one that a relu made, that of a layer that is used twice, one in a nested model, and
the last one, behind a sigmoid.
"""
import json
import os

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy

L, R = keras.layers, keras.regularizers
keras.utils.set_random_seed(1812)
x = i = keras.Input((6, 6, 2))
x = L.Activation("relu")(L.Conv2D(3, 3, activity_regularizer=R.L2(0.02), kernel_regularizer=R.L2(0.05))(x))
x = L.DepthwiseConv2D(2, activation="relu", activity_regularizer=R.L1(0.01))(x)
same = L.SeparableConv2D(3, 1, activity_regularizer=R.L1L2(0.01, 0.02))
x = L.Add()([same(x), same(L.Conv2DTranspose(3, 1, activity_regularizer="l2")(x))])
block = keras.Sequential([keras.Input((3,)), L.Dense(4, activation="tanh", activity_regularizer=R.L1(0.03))], name="block")
x = L.Dense(2, activation="sigmoid", activity_regularizer=R.L2(0.5))(block(L.GlobalAveragePooling2D()(x)))
model = keras.Model(i, x)
random = numpy.random.RandomState(1813)
x = random.standard_normal((5, 6, 6, 2)).astype(numpy.float32)
y = random.randint(0, 2, (5, 2)).astype(numpy.float32)
flat = lambda array: numpy.asarray(array, numpy.float32).ravel().tolist()
weights = lambda: {weight.path: flat(weight) for weight in model.weights}
model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="binary_crossentropy")
before = weights()
losses = [float(model.train_on_batch(x, y)) for _ in range(3)]
print(json.dumps({
    "keras": keras.__version__, "config": json.loads(model.to_json()), "x": flat(x), "y": flat(y), "before": before,
    "losses": losses, "after": weights(), "evaluated": float(model.evaluate(x, y, verbose=0)),
}, separators=(",", ":")))

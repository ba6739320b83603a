"""Writes what Keras makes of its losses that are means over values or rows: value, gradient by the prediction, and config.

python3 test/agreement/keras_losses.py > test/agreement/fixtures/keras_losses.json
"""
import json
import os

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy
import tensorflow as tf

K = keras.losses
random = numpy.random.RandomState(1805)
SHAPE = (3, 4, 5)
any_ = random.standard_normal(SHAPE).astype(numpy.float32)
other = random.standard_normal(SHAPE).astype(numpy.float32)
shares = random.dirichlet(numpy.ones(5), size=SHAPE[:2]).astype(numpy.float32)
guesses = random.dirichlet(numpy.ones(5), size=SHAPE[:2]).astype(numpy.float32)
shares[0, 0] = [0, 1, 0, 0, 0]
LOSSES = {
    "meanSquaredError": (K.MeanSquaredError(), any_, other),
    "meanAbsoluteError": (K.MeanAbsoluteError(), any_, other),
    "huber": (K.Huber(), any_, other),
    "huber_delta": (K.Huber(delta=0.25), any_, other),
    "hinge": (K.Hinge(), any_, numpy.sign(other)),
    "squaredHinge": (K.SquaredHinge(), any_, numpy.sign(other)),
    "klDivergence": (K.KLDivergence(), guesses, shares),
    "cosineSimilarity": (K.CosineSimilarity(), any_, other),
}


def line(loss, prediction, target):
    p = tf.constant(prediction)
    with tf.GradientTape() as tape:
        tape.watch(p)
        value = loss(target, p)
    flat = lambda array: numpy.asarray(array, numpy.float32).ravel().tolist()
    return {
        "config": keras.losses.serialize(loss), "prediction": flat(p), "target": flat(target),
        "value": float(value), "gradient": flat(tape.gradient(value, p)),
    }


answers = {name: line(*of) for name, of in LOSSES.items()}
print(json.dumps({"keras": keras.__version__, "shape": SHAPE, "losses": answers}, separators=(",", ":")))

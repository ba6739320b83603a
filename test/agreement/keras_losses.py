"""Writes what Keras makes of its losses over values, rows, classes and masks: value, gradient by the prediction, and config.

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
more = numpy.random.RandomState(1806)
labels = more.randint(0, 5, SHAPE[:2]).astype(numpy.float32)
chances = more.uniform(0, 1, SHAPE).astype(numpy.float32)
chances[0, 0, :3] = [0, 1, 1e-8]
yes = more.randint(0, 2, SHAPE).astype(numpy.float32)
# What is predicted as it is, and what is predicted the other way round.
yes[0, 0, :2] = [0, 0]
hot = numpy.eye(5, dtype=numpy.float32)[labels.astype(int)]
sparse = K.SparseCategoricalCrossentropy
binary, categorical = K.BinaryFocalCrossentropy, K.CategoricalFocalCrossentropy
LOSSES.update({
    "sparseCategoricalCrossentropy": (sparse(), guesses, labels),
    "sparseCategoricalCrossentropy_bare": (sparse(), chances, labels),
    "sparseCategoricalCrossentropy_logits": (sparse(from_logits=True), any_, labels),
    "binaryCrossentropy_smooth": (K.BinaryCrossentropy(label_smoothing=0.3), chances, yes),
    "binaryCrossentropy_smooth_logits": (K.BinaryCrossentropy(from_logits=True, label_smoothing=0.3), any_, yes),
    "categoricalCrossentropy_smooth": (K.CategoricalCrossentropy(label_smoothing=0.1), guesses, hot),
    "categoricalCrossentropy_smooth_logits": (K.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1), any_, hot),
    "binaryFocalCrossentropy": (binary(), chances, yes),
    "binaryFocalCrossentropy_balanced": (binary(apply_class_balancing=True, alpha=0.75, gamma=1.5), chances[1:], yes[1:]),
    "binaryFocalCrossentropy_logits": (binary(from_logits=True, gamma=3, label_smoothing=0.2), any_, yes),
    "binaryFocalCrossentropy_plain": (binary(gamma=0), chances[1:], yes[1:]),
    "categoricalFocalCrossentropy": (categorical(), guesses, hot),
    "categoricalFocalCrossentropy_other": (categorical(alpha=0.5, gamma=2.5, label_smoothing=0.1), chances, hot),
    "categoricalFocalCrossentropy_logits": (categorical(from_logits=True, gamma=1), any_, hot),
    "dice": (K.Dice(), chances, yes),
    "dice_each": (K.Dice(axis=[1, 2]), chances, yes),
    "dice_rows": (K.Dice(axis=2), chances, yes),
})


def line(loss, prediction, target):
    p = tf.constant(prediction)
    with tf.GradientTape() as tape:
        tape.watch(p)
        value = loss(target, p)
    flat = lambda array: numpy.asarray(array, numpy.float32).ravel().tolist()
    return {
        "config": keras.losses.serialize(loss), "prediction": flat(p), "target": flat(target),
        **({"shape": prediction.shape} if prediction.shape != SHAPE else {}),
        **({"targetShape": target.shape} if target.shape != prediction.shape else {}),
        "value": float(value), "gradient": flat(tape.gradient(value, p)),
    }


answers = {name: line(*of) for name, of in LOSSES.items()}
print(json.dumps({"keras": keras.__version__, "shape": SHAPE, "losses": answers}, separators=(",", ":")))

"""What Keras 3 and TensorFlow say where the library claims to meet them, one JSON object a line, the versions first.

TF_ENABLE_ONEDNN_OPTS=0 python3 test/agreement/keras_samples.py > test/agreement/fixtures/keras.jsonl

Every number is a float32 or the shortest text of one. Nothing here is a formula of ours: networks are trained by Keras,
kernels are called in TensorFlow.
"""
import json
import os
import sys
import warnings

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.simplefilter("ignore")

import keras
import numpy
import tensorflow

layers = keras.layers
generator = numpy.random.default_rng(15)


def tell(kind, **values):
    def plain(value):
        if isinstance(value, (numpy.ndarray, tensorflow.Tensor)):
            return [plain(one) for one in numpy.asarray(value)]
        if isinstance(value, (float, numpy.floating)):
            return float(value) if numpy.isfinite(value) else str(value)
        if isinstance(value, numpy.integer):
            return int(value)
        return value

    print(json.dumps({"kind": kind, **{name: plain(value) for name, value in values.items()}}))


def draw(*shape):
    return generator.standard_normal(shape).astype(numpy.float32)


# How the last activation of a network may be written.
def dense(activation, units):
    return [layers.Dense(units, use_bias=False, activation=activation)]


def separate(activation, units):
    return [layers.Dense(units, use_bias=False), layers.Activation(activation)]


def linear_behind(activation, units):
    return [*separate(activation, units), layers.Activation("linear")]


def nested(activation, units):
    return [layers.Dense(units, use_bias=False), keras.Sequential([layers.Activation(activation)])]


def rescaled(activation, units):
    return [*separate(activation, units), layers.Rescaling(1.0)]


forms = {f.__name__: f for f in (dense, separate, linear_behind, nested, rescaled)}
modes = {
    "eager": {"run_eagerly": True},
    "graph": {"run_eagerly": False, "jit_compile": False},
    "jit": {"run_eagerly": False, "jit_compile": True},
}


def one_step(form, mode, activation, loss, z, t):
    """The identity as first kernel makes x the logits; SGD with rate 1 moves it by the gradient."""
    inputs = keras.Input(z.shape[1:])
    outputs = inputs
    row = forms[form](activation, z.shape[-1])
    for layer in row:
        outputs = layer(outputs)
    model = keras.Model(inputs, outputs)
    row[0].set_weights([numpy.eye(z.shape[-1], dtype=numpy.float32)])
    model.compile(loss=loss, optimizer=keras.optimizers.SGD(1.0), **modes[mode])
    evaluated = model.evaluate(z, t, verbose=0, batch_size=len(z))
    predictions = model.predict(z, verbose=0, batch_size=len(z))
    trained = model.train_on_batch(z, t)
    gradient = numpy.eye(z.shape[-1], dtype=numpy.float32) - row[0].get_weights()[0]
    return numpy.float32(trained), numpy.float32(evaluated), predictions, gradient


def cross_entropies():
    far = numpy.float32([[20.0], [-20.0], [16.0], [-0.25], [100.0], [-100.0]])
    yes = numpy.float32([[0.0], [1.0], [0.0], [1.0], [1.0], [1.0]])
    soft = numpy.float32([[0.25], [1.0], [0.0], [0.5], [0.75], [0.125]])
    rows = numpy.float32([[20.0, -3.0, 1.0], [-40.0, 40.0, 0.0], [0.5, 0.25, -0.5], [3.0, 3.0, 3.0]])
    one_hot = numpy.float32([[0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0]])
    shares = numpy.float32([[0.5, 0.25, 0.25], [0, 0.5, 0.5], [1, 0, 0], [0.25, 0.25, 0.5]])
    several = 12 * draw(5, 4)
    flags = (draw(5, 4) > 0).astype(numpy.float32)
    for mode in modes:
        for form in forms:
            for name, z, t in [("far", far, yes), ("soft", far, soft), ("several", several, flags)]:
                answer = one_step(form, mode, "sigmoid", "binary_crossentropy", z, t)
                crossentropy("binary", form, mode, name, z, t, answer)
            for name, z, t in [("one hot", rows, one_hot), ("shares", rows, shares)]:
                answer = one_step(form, mode, "softmax", "categorical_crossentropy", z, t)
                crossentropy("categorical", form, mode, name, z, t, answer)


def crossentropy(loss, form, mode, name, z, t, answer):
    trained, evaluated, predictions, gradient = answer
    what = {"loss": loss, "form": form, "mode": mode, "data": name, "z": z, "t": t}
    tell("crossentropy", **what, trained=trained, evaluated=evaluated, predictions=predictions, gradient=gradient)


def infinite_logits():
    for logit in (numpy.inf, -numpy.inf):
        for target in (0.0, 0.5, 1.0):
            z, t = numpy.float32([logit]), numpy.float32([target])
            loss = keras.ops.binary_crossentropy(t, z, from_logits=True)
            tell("infinite logit", z=z, t=t, loss=numpy.asarray(loss))


print(json.dumps({"keras": keras.__version__, "tensorflow": tensorflow.__version__, "python": sys.version.split()[0]}))
cross_entropies()
infinite_logits()

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


def accuracies():
    for last in (1, 3):
        y = generator.choice(numpy.float32([0.25, 0.5, 0.75, 1.0]), (4, 3, 2, last))
        t = generator.choice(numpy.float32([0.0, 0.5, 1.0]), (4, 3, 2, last))
        inputs = keras.Input(y.shape[1:])
        model = keras.Model(inputs, layers.Activation("linear")(inputs))
        model.compile(loss="mse", metrics=["accuracy"])
        tell("accuracy", y=y, t=t, accuracy=numpy.float32(model.evaluate(y, t, verbose=0)[1]))


def initial_limits():
    """fanIn and fanOut of a weight's shape."""
    from keras.src.initializers.random_initializers import compute_fans

    for shape in ([], [7], [5, 3], [3, 5, 4], [3, 5, 4, 6], [2, 3, 5, 4, 6]):
        fan_in, fan_out = compute_fans(shape)
        tell("fans", shape=shape, fanIn=fan_in, fanOut=fan_out)


def trained(name, row, x, dy):
    """One step of SGD with rate 1 on the sum of y * dy: weights before and after, outputs, and the outputs in inference."""
    inputs = keras.Input(x.shape[1:])
    outputs = inputs
    for layer in row:
        outputs = layer(outputs)
    model = keras.Model(inputs, outputs)
    for weight in model.weights:
        weight.assign(draw(*weight.shape) ** 2 if "variance" in weight.name else draw(*weight.shape))
    before = [numpy.asarray(weight) for weight in model.weights]
    predictions = model.predict(x, verbose=0, batch_size=len(x))
    model.compile(loss=lambda t, y: keras.ops.sum(t * y), optimizer=keras.optimizers.SGD(1.0))
    model.train_on_batch(x, dy)
    after = [numpy.asarray(weight) for weight in model.weights]
    shapes = [list(weight.shape) for weight in model.weights]
    flat = lambda weights: [value for weight in weights for value in weight.ravel()]
    tell("trained", name=name, x=x, dy=dy, shapes=shapes, before=numpy.float32(flat(before)), after=numpy.float32(flat(after)),
         predictions=predictions)


def layers_trained():
    trained("dense on three axes", [layers.Dense(3)], draw(2, 5, 4), draw(2, 5, 3))
    trained("dense on four axes with relu", [layers.Dense(2, activation="relu")], draw(3, 2, 3, 4), draw(3, 2, 3, 2))
    trained("batch_norm of one value a channel", [layers.BatchNormalization()], draw(1, 4), draw(1, 4))
    trained("batch_norm of one pixel", [layers.BatchNormalization()], draw(1, 1, 1, 3), draw(1, 1, 1, 3))
    trained("batch_norm of several", [layers.BatchNormalization()], draw(3, 2, 4), draw(3, 2, 4))


def zoom_factors():
    factors = [-1.0, -0.5, 0.0, 1.0, 1.5, [-1.0, 0.0], [-0.999, 0.5], [-0.5, 1.0], [0.0, 1.001], [0.5, -0.5]]
    for factor in factors:
        try:
            layer = layers.RandomZoom(factor)
            tell("zoom", factor=factor, low=layer.height_lower, high=layer.height_upper)
        except ValueError:
            tell("zoom", factor=factor, low="refused", high="refused")


def quarter_turns():
    """What RandomRotation makes of a quarter turn with 'nearest': the coordinates fall on ties of rounding."""
    for side in (2, 3, 4, 5):
        picture = numpy.arange(side * side, dtype=numpy.float32).reshape(1, side, side, 1)
        for factor in (0.25, 0.5, 0.75):
            layer = layers.RandomRotation([factor, factor], interpolation="nearest", fill_mode="nearest")
            tell("turn", side=side, factor=factor, y=numpy.asarray(layer(picture, training=True)).ravel())


def epsilon_outside():
    """The lines of tf.keras OptimizerV2's RMSprop, TensorFlow 2.0 to 2.10 without momentum, as TensorFlow operations."""
    w, g = draw(9), numpy.float32([0.0, 1e-8, -1e-7, 1e-6, 1e-4, -0.01, 1.0, -30.0, 1e4])
    lr, rho, epsilon = (tensorflow.constant(value, tensorflow.float32) for value in (0.001, 0.9, 1e-7))
    for centered in (False, True):
        var, rms, mg = tensorflow.constant(w), tensorflow.zeros(9), tensorflow.zeros(9)
        for _ in range(2):
            rms = rho * rms + (1 - rho) * tensorflow.square(g)
            denom = rms
            if centered:
                mg = rho * mg + (1 - rho) * g
                denom = rms - tensorflow.square(mg)
            var = var - lr * g / (tensorflow.sqrt(denom) + epsilon)
        tell("epsilon outside", centered=int(centered), w=w, g=g, steps=2, after=var)


def epsilon_inside():
    """Keras 3's own, and with momentum the kernel that OptimizerV2 called, ApplyRMSProp."""
    w, g = draw(9), numpy.float32([0.0, 1e-8, -1e-7, 1e-6, 1e-4, -0.01, 1.0, -30.0, 1e4])
    for momentum in (0.0, 0.5):
        variable = keras.Variable(w)
        optimizer = keras.optimizers.RMSprop(momentum=momentum)
        optimizer.build([variable])
        for _ in range(2):
            optimizer.apply([tensorflow.constant(g)])
        tell("epsilon inside", by="keras", momentum=momentum, w=w, g=g, steps=2, after=numpy.asarray(variable))
    var, ms, mom = (tensorflow.Variable(value) for value in (w, 0 * w, 0 * w))
    for _ in range(2):
        tensorflow.raw_ops.ResourceApplyRMSProp(
            var=var.handle, ms=ms.handle, mom=mom.handle, lr=0.001, rho=0.9, momentum=0.5, epsilon=1e-7, grad=g
        )
    tell("epsilon inside", by="ResourceApplyRMSProp", momentum=0.5, w=w, g=g, steps=2, after=var.numpy())


def unbiased_variance():
    for shape in ([2, 3, 3, 4], [1, 1, 2, 3], [1, 1, 1, 2]):
        x = draw(*shape)
        channels = shape[-1]
        old_mean, old_variance = draw(channels), draw(channels) ** 2
        _, mean, variance, _, _, _ = tensorflow.raw_ops.FusedBatchNormV3(
            x=x, scale=numpy.ones(channels, numpy.float32), offset=numpy.zeros(channels, numpy.float32), mean=old_mean,
            variance=old_variance, epsilon=0.001, exponential_avg_factor=0.01, data_format="NHWC", is_training=True,
        )
        tell("unbiased variance", x=x, oldMean=old_mean, oldVariance=old_variance, mean=mean, variance=variance)


print(json.dumps({"keras": keras.__version__, "tensorflow": tensorflow.__version__, "python": sys.version.split()[0]}))
cross_entropies()
infinite_logits()
accuracies()
initial_limits()
layers_trained()
zoom_factors()
quarter_turns()
epsilon_outside()
epsilon_inside()
unbiased_variance()

"""Writes whole models of Keras, small ones, and what it computes with them, for files.test.ts.

python3 test/agreement/keras_files.py test/agreement/fixtures/files

Of each network, after two steps of training: TAG.keras.gz, TAG.h5.gz, TAG.weights.h5.gz, and TAG.npz with `x`, `y`, `dy`,
`predictions`, `grad/x` and `grad/i` (of sum(model(x) * dy) in inference, by x and the i-th weight that learns, in Keras's order), and
`after/i`, all weights after three steps more. The networks have every kind of layer; a shared layer, nested
models, and places whose order Keras sorts by depth. Of `draws`,
whose layers draw numbers, no steps are kept that others could follow.
"""
import gzip
import os
import sys
import tempfile

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy
import tensorflow as tf

L = keras.layers
O = keras.optimizers
random = numpy.random.default_rng(1803)
out = sys.argv[1]


def row():
    return keras.Sequential([
        keras.Input((8, 8, 2)), L.Rescaling(0.5, offset=-0.25), L.Conv2D(3, 3, activation="relu"), L.BatchNormalization(),
        L.MaxPooling2D(2), L.Dropout(0.0), L.Flatten(), L.Dense(5, activation="tanh"), L.Dense(3, activation="softmax"),
    ], name="row")


def graph():
    inside = keras.Input((7, 6, 3), name="inside")
    x = L.BatchNormalization(name="stem_norm")(L.SeparableConv2D(4, 3, depth_multiplier=2, use_bias=False)(inside))
    stem = keras.Model(inside, L.ReLU(6.0, negative_slope=0.1)(x), name="stem")
    pictures = keras.Input((7, 6, 3), name="pictures")
    x = stem(pictures)
    late = L.Conv2D(4, 1, name="late", use_bias=False)
    wide = L.DepthwiseConv2D(3, padding="same", activation="relu", name="wide")(x)
    wide = L.BatchNormalization(scale=False, momentum=0.9, epsilon=1e-5)(wide)
    x = L.Concatenate()([late(x), L.AveragePooling2D(1)(wide), late(wide)])
    x = L.Conv2DTranspose(3, 2, strides=2)(L.MaxPooling2D(2, padding="same")(x))
    x = L.Add()([x, L.UpSampling2D(2)(L.Conv2D(3, 2, strides=2, padding="same", groups=1)(x))])
    block = keras.Sequential([L.Dense(4, activation="elu"), L.Dense(3)], name="block")
    x = L.GlobalAveragePooling2D()(block(x))
    return keras.Model(pictures, L.Dense(1, activation="sigmoid", name="last")(x), name="graph")


def parts():
    x = i = keras.Input((6, 5, 2))
    x = L.ZeroPadding2D(((1, 0), (0, 1)))(x)
    x = L.Cropping2D(((0, 1), (1, 0)))(x)
    x = L.PReLU("ones", shared_axes=[1, 2])(L.Conv2D(4, 3, padding="same")(x))
    a, b = L.LeakyReLU(0.2)(x), L.ELU(0.7)(x)
    both = [L.Multiply()([a, b]), L.Subtract()([a, b]), L.Average()([a, b]), L.Maximum()([a, b]), L.Minimum()([a, b])]
    x = L.Activation("swish")(L.Concatenate(axis=2)(both))
    x = L.Permute((2, 1, 3))(L.UpSampling2D((1, 2), interpolation="bilinear")(x))
    y = L.GlobalMaxPooling2D()(x)
    x = L.Softmax()(L.Reshape((10, -1))(L.Reshape((50, 24))(x)))
    x = L.Dense(3)(L.Flatten()(L.Dense(2, activation="softplus")(x)))
    return keras.Model(i, L.Concatenate()([x, L.Dense(2)(y)]), name="parts")


def tiny():
    return keras.Sequential([keras.Input((3,)), L.Dense(2, name="only")], name="tiny")


def norms():
    pictures = keras.Input((6, 5, 4), name="pictures")
    scaled = L.Normalization(axis=(1, 3), name="scaled")
    scaled.adapt(random.normal(1, 2, (20, 6, 5, 4)).astype(numpy.float32))
    x = L.Normalization(mean=0.5, variance=2.0, invert=True)(scaled(pictures))
    x = L.CenterCrop(7, 6)(L.Resizing(8, 6)(x))
    x = L.LayerNormalization(axis=[1, 3])(L.LayerNormalization(axis=[-2, -1], center=False)(x))
    x = L.GroupNormalization(groups=2)(L.Conv2D(4, 3, strides=2)(x))
    x = L.Activation("gelu")(L.LayerNormalization()(L.UnitNormalization()(x)))
    x = L.ReLU(max_value=2.0)(L.DepthwiseConv2D(2, depth_multiplier=2)(x))
    return keras.Model(pictures, L.Activation("log_softmax")(L.Dense(3)(L.Flatten()(x))), name="norms")


def draws():
    x = i = keras.Input((6, 6, 3))
    x = L.RandomZoom(0.1)(L.RandomRotation(0.1)(L.RandomFlip()(x)))
    x = L.RandomContrast(0.1)(L.RandomTranslation(0.1, 0.2)(x))
    x = L.SpatialDropout2D(0.25)(L.GaussianNoise(0.1)(L.Conv2D(3, 3)(x)))
    x = L.Dense(2)(L.Dropout(0.5)(L.GaussianDropout(0.25)(L.Flatten()(x))))
    return keras.Model(i, x, name="draws")


decay = O.schedules.ExponentialDecay(0.01, 2, 0.5)
NETWORKS = {
    "row": (row, O.Nadam(0.01, clipnorm=1.0), "categorical_crossentropy", ["accuracy"]),
    "graph": (graph, O.Adam(0.01, amsgrad=True, weight_decay=0.01), keras.losses.BinaryCrossentropy(), ["accuracy", "mae"]),
    "parts": (parts, O.SGD(0.01, momentum=0.9, nesterov=True), "mse", [keras.metrics.MeanAbsoluteError(name="off")]),
    "tiny": (tiny, O.RMSprop(decay, momentum=0.5, centered=True), keras.losses.Huber(), []),
    "norms": (norms, O.Adagrad(0.01), "mse", ["mae"]),
    "draws": (draws, O.AdamW(0.01), "mse", []),
}

for tag, (make, optimizer, loss, metrics) in NETWORKS.items():
    keras.backend.clear_session()
    keras.utils.set_random_seed(18)
    model = make()
    for weight in model.weights:
        if weight.name in ("bias", "beta", "moving_mean"):
            weight.assign(random.normal(0, 0.1, weight.shape))
        if weight.name in ("gamma", "moving_variance"):
            weight.assign(random.uniform(0.5, 1.5, weight.shape))
    x = random.normal(size=(10, *model.input_shape[1:])).astype(numpy.float32)
    n = model.output_shape[-1]
    draws = {"row": numpy.eye(n)[random.integers(0, n, 10)], "graph": random.uniform(size=(10, n)) < 0.5}
    y = numpy.float32(draws.get(tag, random.normal(size=(10, n))))
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
    step = lambda k: model.train_on_batch(x[2 * k : 2 * k + 2], y[2 * k : 2 * k + 2])
    step(0), step(1)
    with tempfile.TemporaryDirectory() as folder:
        for ending in ("keras", "h5", "weights.h5"):
            path = f"{folder}/{tag}.{ending}"
            (model.save_weights if ending == "weights.h5" else model.save)(path)
            with gzip.GzipFile(f"{out}/{tag}.{ending}.gz", "wb", mtime=0) as file:
                file.write(open(path, "rb").read())
    kept = {"x": x, "y": y, "dy": random.normal(size=(10, n)).astype(numpy.float32)}
    with tf.GradientTape() as tape:
        at = tf.constant(x)
        tape.watch(at)
        predictions = model(at, training=False)
        total = tf.reduce_sum(predictions * kept["dy"])
    kept["predictions"] = predictions.numpy()
    gradients = tape.gradient(total, [at, *[weight.value for weight in model.trainable_weights]])
    kept["grad/x"] = gradients[0].numpy()
    kept |= {f"grad/{i}": gradient.numpy() for i, gradient in enumerate(gradients[1:])}
    step(2), step(3), step(4)
    weights = [weight for weight in model.weights if "seed" not in weight.name]
    kept |= {f"after/{i}": weight.numpy() for i, weight in enumerate(weights)}
    numpy.savez_compressed(f"{out}/{tag}.npz", **kept)
    print(tag, model.count_params(), keras.__version__)

"""Writes what Keras's own networks are, for networks.test.ts.

python3 test/agreement/keras_networks.py test/agreement/fixtures/networks

networks.json.gz: of each network at its full size and at others, the number of parameters, and name and shape of every weight.
Of Inception V3, Xception, MobileNet, MobileNetV2 and ResNet50 with a thirty-second of their filters and weights of which none is
trivial: TAG.h5.gz, TAG.weights.h5.gz or TAG.keras.gz, and TAG.npz with pictures `x` and `predictions`. preprocess.npz: pixels, and what
`preprocess_input` makes of them in each mode. Where Keras has no option for
the number of filters, its code is run with layers that have fewer.
"""
import gzip
import json
import os
import sys
import tempfile
import types

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy
from keras.src.applications import imagenet_utils, inception_v3, mobilenet, mobilenet_v2, resnet, xception

L = keras.layers
WIDTH = 1 / 32


def lenet5():
    return keras.Sequential([
        keras.Input((28, 28, 1)), L.Conv2D(6, 5, padding="same", activation="tanh"), L.AveragePooling2D(2),
        L.Conv2D(16, 5, activation="tanh"), L.AveragePooling2D(2), L.Flatten(), L.Dense(120, activation="tanh"),
        L.Dense(84, activation="tanh"), L.Dense(10, activation="softmax"),
    ])


def unet(upsampling, depth=4, classes=2):
    x = inputs = keras.Input((64, 64, 1))
    twice = lambda x, n: conv(conv(x, n, 3), n, 3)
    conv = lambda x, n, size: L.Conv2D(n, size, padding="same", activation="relu")(x)
    skipped = []
    for level in range(depth):
        skipped.append(twice(x, 64 * 2**level))
        x = L.MaxPooling2D(2)(skipped[-1])
    x = L.Dropout(0.5)(twice(x, 64 * 2**depth))
    for level in reversed(range(depth)):
        n = 64 * 2**level
        if upsampling == "transposed":
            up = L.Conv2DTranspose(n, 2, strides=2, padding="same")(x)
        else:
            up = conv(L.UpSampling2D(2, interpolation=upsampling)(x), n, 2)
        x = twice(L.Concatenate()([skipped[level], up]), n)
    end = L.Conv2D(1, 1, activation="sigmoid") if classes == 2 else L.Conv2D(classes, 1, activation="softmax")
    return keras.Model(inputs, end(x))


def told(make):
    keras.backend.clear_session()
    model = make()
    weights = [w for w in model.weights if "seed" not in w.name]
    prefix = f"{model.name}/" if isinstance(model, keras.Sequential) else ""
    count = lambda ws: int(sum(numpy.prod(w.shape) for w in ws))
    return {
        "total": count(weights),
        "trainable": count(model.trainable_weights),
        "weights": [f"{w.path.removeprefix(prefix)} {','.join(map(str, w.shape))}" for w in weights],
    }


free = {"weights": None}
NETWORKS = {
    "inception_v3": (lambda: inception_v3.InceptionV3(**free), {}),
    "xception": (lambda: xception.Xception(**free), {}),
    "mobilenet": (lambda: mobilenet.MobileNet(**free), {}),
    "mobilenet 0.3": (
        lambda: mobilenet.MobileNet(**free, alpha=0.3, input_shape=(65, 64, 1), classes=7),
        {"width": 0.3, "imageSize": [65, 64], "channels": 1, "classes": 7},
    ),
    "mobilenet_v2": (lambda: mobilenet_v2.MobileNetV2(**free), {}),
    "mobilenet_v2 0.35": (
        lambda: mobilenet_v2.MobileNetV2(**free, alpha=0.35, input_shape=(96, 96, 3), classes=5),
        {"width": 0.35, "imageSize": 96, "classes": 5},
    ),
    "mobilenet_v2 1.4": (
        lambda: mobilenet_v2.MobileNetV2(**free, alpha=1.4, input_shape=(96, 96, 3)),
        {"width": 1.4, "imageSize": 96},
    ),
    "resnet50": (lambda: resnet.ResNet50(**free), {}),
    "lenet5": (lenet5, {}),
    "unet": (lambda: unet("transposed"), {"imageSize": 64}),
    "unet nearest": (lambda: unet("nearest", 3, 4), {"imageSize": 64, "upsampling": "nearest", "depth": 3, "classes": 4}),
}


def narrow(module, make):
    """A network of Keras whose convolutions have fewer filters."""
    layers = types.SimpleNamespace(**{name: getattr(module.layers, name) for name in dir(module.layers)})

    def less(kind):
        return lambda filters, *rest, **named: kind(max(1, int(filters * WIDTH)), *rest, **named)

    layers.Conv2D, layers.SeparableConv2D = less(L.Conv2D), less(L.SeparableConv2D)
    before, module.layers = module.layers, layers
    try:
        return make()
    finally:
        module.layers = before


NARROW = {
    "inception_v3": (
        lambda: narrow(inception_v3, lambda: inception_v3.InceptionV3(**free, input_shape=(76, 91, 3), classes=5)),
        ["weights.h5", "h5"],
    ),
    "xception": (
        lambda: narrow(xception, lambda: xception.Xception(**free, input_shape=(76, 91, 3), classes=5)),
        ["keras"],
    ),
    "mobilenet": (lambda: mobilenet.MobileNet(**free, alpha=WIDTH, input_shape=(33, 48, 3), classes=5), ["h5"]),
    "mobilenet_v2": (lambda: mobilenet_v2.MobileNetV2(**free, alpha=WIDTH, input_shape=(33, 48, 3), classes=5), ["weights.h5"]),
    "resnet50": (
        lambda: narrow(resnet, lambda: resnet.ResNet50(**free, input_shape=(33, 48, 3), classes=5)),
        ["weights.h5"],
    ),
}


def filled(model, random):
    """Weights of which none is trivial, with moving statistics like those of the pictures."""
    for weight in model.weights:
        if weight.name in ("bias", "beta"):
            weight.assign(random.normal(0, 0.1, weight.shape))
        if weight.name == "gamma":
            weight.assign(random.uniform(0.5, 1.5, weight.shape))
    norms = [layer for layer in model.layers if isinstance(layer, L.BatchNormalization)]
    momenta = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0
    model(random.uniform(-1, 1, (8, *model.input_shape[1:])).astype("float32"), training=True)
    for layer, momentum in zip(norms, momenta):
        layer.momentum = momentum


def preprocessed(out):
    pixels = numpy.random.default_rng(127).uniform(0, 255, (3, 5, 4, 3)).astype("float32")
    pixels[0] = numpy.round(pixels[0])
    done = {mode: imagenet_utils.preprocess_input(pixels.copy(), mode=mode) for mode in ("tf", "torch", "caffe")}
    numpy.savez_compressed(f"{out}/preprocess.npz", pixels=pixels, **done)


if __name__ == "__main__":
    out = sys.argv[1]
    preprocessed(out)
    facts = {"keras": keras.__version__, "networks": {}}
    for tag, (make, options) in NETWORKS.items():
        facts["networks"][tag] = {"options": options, **told(make)}
        print(tag, facts["networks"][tag]["total"])
    with gzip.GzipFile(f"{out}/networks.json.gz", "wb", mtime=0) as file:
        file.write(json.dumps(facts).encode())
    random = numpy.random.default_rng(1911)
    for tag, (make, endings) in NARROW.items():
        keras.backend.clear_session()
        keras.utils.set_random_seed(19)
        model = make()
        filled(model, random)
        x = random.uniform(-1, 1, (2, *model.input_shape[1:])).astype("float32")
        with tempfile.TemporaryDirectory() as folder:
            for ending in endings:
                path = f"{folder}/{tag}.{ending}"
                (model.save_weights if ending == "weights.h5" else model.save)(path)
                with gzip.GzipFile(f"{out}/{tag}.{ending}.gz", "wb", mtime=0) as file:
                    file.write(open(path, "rb").read())
        numpy.savez_compressed(f"{out}/{tag}.npz", x=x, predictions=model(x, training=False).numpy())
        print(tag, model.count_params(), model(x, training=False).numpy()[0])

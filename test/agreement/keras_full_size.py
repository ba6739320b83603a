"""Full-size Inception V3 and Xception of Keras beside those here: whole files, logits and probabilities of photographs.

python3 test/agreement/keras_full_size.py FOLDER_OF_PICTURES [NETWORK...]

Needs keras==3.15.1, tensorflow-cpu==2.21.0 and a build of the package (npm run build). Each network gets weights of which none is
trivial, with moving statistics of the pictures themselves, and is written as .keras, as a legacy .h5 and as .weights.h5; without its
softmax as .keras too. Then full_size.mjs loads each file whole and prints how far its outputs lie from Keras's, and how far Keras
lies from itself in float64. Of a float32 network of this depth nothing better than that can be asked. full_size_heat.mjs does so with
Grad-CAM of three classes of each picture. With KEEP=FOLDER the files stay there, for `samebits classify`.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy
import tensorflow as tf
from keras_gradcam import in_float64, maps_of

L = keras.layers
# The convolutions that gradCam chooses by itself, the layers behind them whose values go into the relu, and where among the averages over
# places their channels begin.
LAYERS = {
    "inception_v3": ("conv2d_92", "batch_normalization_92", 320 + 768 + 384),
    "xception": ("block14_sepconv2", "block14_sepconv2_bn", 0),
}


def decoded(path):
    """TensorFlow decodes JPEG by a faster transform unless it is told, and is off by up to 18 then; this one gives what libjpeg gives by itself."""
    data = path.read_bytes()
    if path.suffix == ".jpg":
        return tf.io.decode_jpeg(data, channels=3, dct_method="INTEGER_ACCURATE")
    return tf.io.decode_image(data, channels=3, expand_animations=False)


def pixels(folder):
    """Pictures in the size of the networks, rounded to bytes as `samebits classify` has them."""
    paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix in (".png", ".jpg"))
    images = [tf.image.resize(decoded(path), (299, 299)) for path in paths]
    return [path.name for path in paths], numpy.stack([image.numpy() for image in images]).round()


def filled(model, x, random):
    for weight in model.weights:
        if weight.name in ("bias", "beta"):
            weight.assign(random.normal(0, 0.1, weight.shape))
        if weight.name == "gamma":
            weight.assign(random.uniform(0.5, 1.5, weight.shape))
    norms = [layer for layer in model.layers if isinstance(layer, L.BatchNormalization)]
    momenta = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0
    model(x, training=True)
    for layer, momentum in zip(norms, momenta):
        layer.momentum = momentum


def factors_of(model, tag, classes):
    """What a place whose relu is on adds to the weight of its map, of each class and channel, in float64: between map and logit lie a batch
    normalization, the relu, the average over places and a dense layer alone."""
    conv, name, first = LAYERS[tag]
    norm, kernel = model.get_layer(name), model.layers[-1].kernel.numpy().astype("float64")
    gamma = norm.gamma.numpy().astype("float64") if norm.scale else 1.0
    scale = gamma / numpy.sqrt(norm.moving_variance.numpy().astype("float64") + norm.epsilon)
    _, height, width, channels = model.get_layer(conv).output.shape
    return (scale[:, None] * kernel[first : first + channels, classes]).T / (height * width) ** 2


def outputs(model, tag, x, classes=None):
    """Logits of a model without its last activation function, a picture at a time; and of the pictures the maps, what goes into the relu
    behind them, and Grad-CAM of these classes, by default those of the ranks 1, 3 and 17."""
    conv, norm, _ = LAYERS[tag]
    ends = [model.get_layer(conv).output, model.get_layer(norm).output, model.output]
    cut = keras.Model(model.inputs[0], ends)
    parts = [[part.numpy() for part in cut(x[i : i + 1], training=False)] for i in range(len(x))]
    maps, arguments, logits = (numpy.concatenate(part) for part in zip(*parts))
    assert logits.dtype == x.dtype, logits.dtype
    if classes is None:
        classes = numpy.argsort(-logits, axis=-1)[:, [0, 2, 16]]
    heat = numpy.stack([maps_of(model, conv, x[i : i + 1], classes[i]) for i in range(len(x))])
    return {"logits": logits, "classes": classes, "maps": maps, "arguments": arguments, "heat": heat}


def outputs64(model, tag, x, classes):
    found = outputs(model, tag, x, classes)
    found["factors"] = numpy.stack([factors_of(model, tag, some) for some in classes])
    # The factors are right: they make the map that the gradient makes.
    count = (found["arguments"] > 0).sum(axis=(1, 2))
    made = numpy.einsum("nhwc,nkc,nc->nkhw", found["maps"], found["factors"], count).clip(0)
    assert abs(made - found["heat"]).max() < 1e-9 * found["heat"].max()
    return found


NETWORKS = {
    "inception_v3": (keras.applications.InceptionV3, keras.applications.inception_v3.preprocess_input),
    "xception": (keras.applications.Xception, keras.applications.xception.preprocess_input),
}

names, raw = pixels(sys.argv[1])
for tag in sys.argv[2:] or NETWORKS:
    make, preprocess = NETWORKS[tag]
    with tempfile.TemporaryDirectory() as gone:
        folder = os.environ.get("KEEP", gone)
        keras.backend.clear_session()
        keras.utils.set_random_seed(299)
        x = preprocess(raw.copy())
        model = make(weights=None)
        filled(model, x, numpy.random.default_rng(299))
        model.save(f"{folder}/{tag}.keras")
        model.save(f"{folder}/{tag}.h5")
        model.save_weights(f"{folder}/{tag}.weights.h5")
        bare = lambda: make(weights=None, classifier_activation=None)
        keras.backend.clear_session()  # or the layers had other numbers
        plain = bare()
        plain.set_weights(model.get_weights())
        plain.save(f"{folder}/{tag}_logits.keras")
        found = outputs(plain, tag, x)
        wide = in_float64(bare, model.get_weights(), lambda one: outputs64(one, tag, x.astype("float64"), found["classes"]))
        numpy.savez(
            f"{folder}/{tag}.npz", raw=raw, x=x, predictions=model.predict(x, batch_size=1, verbose=0),
            **{name: values.astype("int32") if name == "classes" else values for name, values in found.items()},
            **{f"{name}64": values for name, values in wide.items() if name != "classes"},
        )
        here = pathlib.Path(__file__).parent
        subprocess.run(["node", here / "full_size.mjs", tag, folder, str(model.count_params())], check=True)
print(f"Keras {keras.__version__}, {len(names)} pictures: {', '.join(names)}")

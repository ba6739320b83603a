"""Full-size Inception V3 and Xception of Keras beside those here: whole files, logits and probabilities of photographs.

python3 test/agreement/keras_full_size.py FOLDER_OF_PICTURES [NETWORK...]

Needs keras==3.15.1, tensorflow-cpu==2.21.0 and a build of the package (npm run build). Each network gets weights of which none is
trivial, with moving statistics of the pictures themselves, and is written as .keras, as a legacy .h5 and as .weights.h5; without its
softmax as .keras too. Then full_size.mjs loads each file whole and prints how far its outputs lie from Keras's, and how far Keras
lies from itself in float64; likewise the Grad-CAM of three classes of the first picture. Of a float32 network of this depth nothing better than that can be asked.
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
# The convolutions that gradCam chooses by itself.
LAYERS = {"inception_v3": "conv2d_92", "xception": "block14_sepconv2"}


def pixels(folder):
    paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix in (".png", ".jpg"))
    images = [tf.image.resize(tf.io.decode_image(path.read_bytes(), channels=3, expand_animations=False), (299, 299)) for path in paths]
    return [path.name for path in paths], numpy.stack([image.numpy() for image in images]).astype("float32")


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


def outputs64(model, x, classes):
    """Logits and maps of a model without its last activation function, a picture at a time."""
    logits = numpy.concatenate([model(x[i : i + 1], training=False).numpy() for i in range(len(x))])
    assert logits.dtype == x.dtype, logits.dtype
    return logits, maps_of(model, LAYERS[tag], x[:1], classes)


NETWORKS = {
    "inception_v3": (keras.applications.InceptionV3, keras.applications.inception_v3.preprocess_input),
    "xception": (keras.applications.Xception, keras.applications.xception.preprocess_input),
}

names, raw = pixels(sys.argv[1])
for tag in sys.argv[2:] or NETWORKS:
    make, preprocess = NETWORKS[tag]
    with tempfile.TemporaryDirectory() as folder:
        keras.backend.clear_session()
        keras.utils.set_random_seed(299)
        x = preprocess(raw.copy())
        model = make(weights=None)
        filled(model, x, numpy.random.default_rng(299))
        model.save(f"{folder}/{tag}.keras")
        model.save(f"{folder}/{tag}.h5")
        model.save_weights(f"{folder}/{tag}.weights.h5")
        plain = make(weights=None, classifier_activation=None)
        plain.set_weights(model.get_weights())
        plain.save(f"{folder}/{tag}_logits.keras")
        logits = numpy.concatenate([plain.predict(x[i : i + 1], verbose=0) for i in range(len(x))])
        # Classes of the ranks 1, 3 and 17 of the first picture, whose maps are compared.
        classes = numpy.argsort(-logits[0])[[0, 2, 16]]
        heat = maps_of(model, LAYERS[tag], x[:1], classes)
        bare = lambda: make(weights=None, classifier_activation=None)
        logits64, heat64 = in_float64(bare, model.get_weights(), lambda wide: outputs64(wide, x.astype("float64"), classes))
        numpy.savez(
            f"{folder}/{tag}.npz", raw=raw, x=x, logits=logits, logits64=logits64, predictions=model.predict(x, verbose=0),
            classes=classes.astype("int32"), heat=numpy.stack(heat), heat64=numpy.stack(heat64),
        )
        here = pathlib.Path(__file__).parent
        subprocess.run(["node", here / "full_size.mjs", tag, folder, str(model.count_params())], check=True)
print(f"Keras {keras.__version__}, {len(names)} pictures: {', '.join(names)}")

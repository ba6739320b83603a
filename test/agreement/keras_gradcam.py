"""Writes the Grad-CAM maps that Keras's own gradients give for its networks, for gradcam_networks.test.ts.

python3 test/agreement/keras_gradcam.py test/agreement/fixtures/networks

Reads the networks and pictures that keras_networks.py wrote there (Inception V3 and Xception with a thirty-second of their filters), computes
in float64, and writes gradcam.json: for each network, picture and class the map of the logit by one convolution, divided by its largest value.
`maps_of` is used at full size by keras_full_size.py.
"""
import gzip
import json
import os
import sys
import tempfile

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy
import tensorflow as tf


def maps_of(model, layer, x, classes):
    """The maps of some classes of one picture [1, h, w, 3], before they are divided by their maximum: the logit's gradient, averaged over
    places, weights the maps of the layer; what is below zero is cut."""
    last = model.layers[-1]
    cut = keras.Model(model.inputs[0], [model.get_layer(layer).output, last.input])
    found = []
    for label in classes:
        with tf.GradientTape() as tape:
            maps, features = cut(x, training=False)
            logit = (tf.linalg.matmul(features, last.kernel) + last.bias)[0, label]
        weights = tf.reduce_mean(tape.gradient(logit, maps), axis=(0, 1, 2))
        found.append(tf.nn.relu(tf.reduce_sum(maps[0] * weights, axis=-1)).numpy())
    return found


def set_dtype(name):
    # set_floatx alone leaves layers in float32 once one was made: the policy stays that of then.
    keras.backend.set_floatx(name)
    keras.config.set_dtype_policy(name)


def in_float64(make, weights, use):
    """What `use` makes of the model with these weights, all of which is computed in float64."""
    set_dtype("float64")
    try:
        keras.backend.clear_session()
        set_dtype("float64")
        model = make()
        model.set_weights(weights)
        assert {w.dtype for w in model.weights} == {"float64"}, "weights of another dtype"
        return use(model)
    finally:
        set_dtype("float32")


LAYERS = {"inception_v3": "conv2d_74", "xception": "block14_sepconv2"}
ENDINGS = {"inception_v3": "h5", "xception": "keras"}

if __name__ == "__main__":
    from keras_networks import NARROW

    out = sys.argv[1]
    facts = {"keras": keras.__version__, "networks": {}}
    for tag, layer in LAYERS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/{tag}.{ENDINGS[tag]}"
            open(path, "wb").write(gzip.open(f"{out}/{tag}.{ENDINGS[tag]}.gz").read())
            weights = keras.models.load_model(path, compile=False).get_weights()
        x = numpy.load(f"{out}/{tag}.npz")["x"].astype("float64")
        maps = in_float64(NARROW[tag][0], weights, lambda model: [maps_of(model, layer, one[None], range(5)) for one in x])
        pictures = []
        for raw in maps:
            assert raw[0].dtype == numpy.float64
            peaks = [float(one.max()) for one in raw]
            heat = [(one / (peak or 1)).round(9).ravel().tolist() for one, peak in zip(raw, peaks)]
            pictures.append({"peaks": peaks, "heat": heat})
        facts["networks"][tag] = {"layer": layer, "size": list(raw[0].shape), "pictures": pictures}
        print(tag, layer, raw[0].shape, peaks)
    with open(f"{out}/gradcam.json", "w") as file:
        json.dump(facts, file, separators=(",", ":"))
        file.write("\n")

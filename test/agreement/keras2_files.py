"""Writes legacy .h5 files by Keras 2, as it lies inside of TensorFlow (tensorflow.python.keras, 2.6), and what it predicts.

python3 test/agreement/keras2_files.py test/agreement/fixtures/files

keras2_row.h5.gz and keras2_graph.h5.gz, compiled and trained by two steps; keras2_row.weights.h5.gz; keras2.npz with `x` and
`row`, `graph`, the predictions of both.
"""
import gzip
import os
import sys
import tempfile

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy
import tensorflow as tf
from tensorflow.python import keras
from tensorflow.python.keras import Input, Model, Sequential, layers as L, optimizers, regularizers

keras.__version__ = "2.6.0"  # which its files say; the copy in TensorFlow has lost it
out = sys.argv[1]
tf.random.set_seed(1814)
random = numpy.random.default_rng(1815)
x = random.normal(size=(6, 8, 8, 2)).astype(numpy.float32)
row = Sequential([
    L.Conv2D(3, 3, activation="relu", input_shape=(8, 8, 2), kernel_regularizer=regularizers.l2(0.01)),
    L.MaxPooling2D(2), L.SeparableConv2D(4, 2, depth_multiplier=2), L.LeakyReLU(0.2), L.Dropout(0.0), L.Flatten(),
    L.Dense(3, activation="softmax"),
], name="row")
i = a = Input((8, 8, 2))
a = L.ReLU(6.0)(L.DepthwiseConv2D(3, padding="same")(a))
b = L.UpSampling2D(2, interpolation="bilinear")(L.Conv2D(2, 2, strides=2)(a))
c = L.Concatenate()([L.Add()([a, b]), L.ZeroPadding2D(1)(L.Cropping2D(1)(b))])
c = L.Conv2DTranspose(2, 2, strides=2)(L.AveragePooling2D(2)(c))
graph = Model(i, L.Dense(1, activation="sigmoid")(L.GlobalAveragePooling2D()(c)), name="graph")
row.compile(optimizers.get("rmsprop"), loss="categorical_crossentropy", metrics=["accuracy"])
graph.compile(optimizers.get("adam"), loss="binary_crossentropy", metrics=["accuracy"])
kept = {"x": x}
for model, y in [(row, numpy.eye(3)[[0, 1, 2, 0, 1, 2]]), (graph, numpy.array([[0], [1], [1], [0], [1], [0]]))]:
    for step in range(2):
        model.train_on_batch(x[:3], y[:3].astype(numpy.float32))
    kept[model.name] = model(x, training=False).numpy()
    with tempfile.TemporaryDirectory() as folder:
        for ending in ("h5", "weights.h5"):
            path = f"{folder}/keras2_{model.name}.{ending}"
            model.save_weights(path) if ending == "weights.h5" else model.save(path)
            if ending == "h5" or model is row:
                with gzip.GzipFile(f"{out}/keras2_{model.name}.{ending}.gz", "wb", mtime=0) as file:
                    file.write(open(path, "rb").read())
numpy.savez_compressed(f"{out}/keras2.npz", **kept)

"""Writes what Keras makes of single layers: outputs, and gradients by the input and the weights, one JSON line each.

python3 test/agreement/keras_layers.py > test/agreement/fixtures/keras_layers.jsonl

Each line: `name`, `config` (of the whole model, as `to_json` writes it), and as base64 of float32 `x`, `weights`, `dy`, `y`, `dx`,
`dweights`, with their shapes. A layer of several inputs gets x, and x through Rescaling and Activation layers.
"""
import base64
import json
import os

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy
import tensorflow as tf

L = keras.layers
PICTURE = (5, 7, 3)

ONE = {
    "conv2d_transpose_valid": (PICTURE, L.Conv2DTranspose(4, 3)),
    "conv2d_transpose_same": (PICTURE, L.Conv2DTranspose(4, (3, 2), strides=2, padding="same", activation="relu")),
    "conv2d_transpose_small_kernel": (PICTURE, L.Conv2DTranspose(2, (2, 1), strides=(3, 2), use_bias=False)),
    "conv2d_transpose_output_padding": (PICTURE, L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1)),
    "depthwise_conv2d": (PICTURE, L.DepthwiseConv2D(3, padding="same", activation="tanh")),
    "depthwise_conv2d_multiplied": (PICTURE, L.DepthwiseConv2D((2, 3), strides=2, depth_multiplier=2)),
    "up_sampling2d": (PICTURE, L.UpSampling2D((2, 3))),
    "up_sampling2d_bilinear": (PICTURE, L.UpSampling2D(2, interpolation="bilinear")),
    "zero_padding2d": (PICTURE, L.ZeroPadding2D(((1, 0), (2, 3)))),
    "cropping2d": (PICTURE, L.Cropping2D(((1, 0), (2, 1)))),
    "global_max_pooling2d": (PICTURE, L.GlobalMaxPooling2D()),
    "reshape": (PICTURE, L.Reshape((3, -1))),
    "permute": (PICTURE, L.Permute((3, 1, 2))),
    "layer_normalization": (PICTURE, L.LayerNormalization()),
    "layer_normalization_axes": (PICTURE, L.LayerNormalization(axis=[-3, -2, -1], epsilon=0.01, center=False)),
    "group_normalization": ((4, 3, 64), L.GroupNormalization()),
    "group_normalization_3": ((5, 7, 6), L.GroupNormalization(groups=3, scale=False)),
    "group_normalization_channels": (PICTURE, L.GroupNormalization(groups=-1)),
    "unit_normalization": (PICTURE, L.UnitNormalization()),
    "unit_normalization_axes": (PICTURE, L.UnitNormalization(axis=[1, 2])),
    "leaky_re_lu": (PICTURE, L.LeakyReLU()),
    "leaky_re_lu_0.1": (PICTURE, L.LeakyReLU(negative_slope=0.1)),
    "re_lu": (PICTURE, L.ReLU()),
    "re_lu_all": (PICTURE, L.ReLU(max_value=1.5, negative_slope=0.25, threshold=0.125)),
    "elu": (PICTURE, L.ELU(alpha=0.7)),
    "p_re_lu": (PICTURE, L.PReLU(shared_axes=[1, 2])),
    "p_re_lu_everywhere": (PICTURE, L.PReLU()),
    "softmax": (PICTURE, L.Softmax()),
    **{
        f"activation_{name}": (PICTURE, L.Activation(name))
        for name in [
            "elu", "exponential", "hard_sigmoid", "hard_silu", "leaky_relu", "relu6", "selu", "silu", "softplus",
        ]
    },
}
SEVERAL = {
    "concatenate": L.Concatenate(),
    "concatenate_rows": L.Concatenate(axis=1),
    "subtract": L.Subtract(),
    "multiply": L.Multiply(),
    "average": L.Average(),
    "maximum": L.Maximum(),
    "minimum": L.Minimum(),
}

random = numpy.random.RandomState(1803)

def draw(shape):
    return random.standard_normal(size=tuple(shape)).astype(numpy.float32)

def kept(array):
    array = numpy.asarray(array, numpy.float32)
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}

def line(name, model):
    x = tf.constant(draw((2, *model.input_shape[1:])))
    for weight in model.weights:
        if weight.name == "count":
            continue
        values = draw(weight.shape) / 2
        weight.assign(numpy.abs(values) + 0.5 if weight.name in ("moving_variance", "variance") else values)
    for layer in model.layers:
        if isinstance(layer, L.Normalization):
            layer.finalize_state()
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x, training=False)
        dy = draw(y.shape)
        loss = tf.reduce_sum(y * dy)
    variables = [weight.value for weight in model.trainable_weights]
    dx, *dweights = tape.gradient(loss, [x, *variables])
    if isinstance(dx, tf.IndexedSlices):
        dx = tf.convert_to_tensor(dx)
    print(json.dumps({
        "name": name, "keras": keras.__version__, "config": json.loads(model.to_json()),
        "x": kept(x), "weights": [kept(w) for w in model.weights], "dy": kept(dy),
        "y": kept(y), "dx": kept(dx), "dweights": [kept(d) for d in dweights],
    }, separators=(",", ":")))

for name, (shape, layer) in ONE.items():
    x = keras.Input(shape)
    line(name, keras.Model(x, layer(x)))
for name, layer in SEVERAL.items():
    x = keras.Input(PICTURE)
    others = [L.Rescaling(0.5, offset=0.25)(x), L.Activation("tanh")(x)]
    count = 1 if name == "subtract" else 2
    line(name, keras.Model(x, layer([x, *others[:count]])))

# Behind all others, so that these keep their numbers.
for name in ["gelu", "log_softmax"]:
    x = keras.Input(PICTURE)
    line(f"activation_{name}", keras.Model(x, L.Activation(name)(x)))

LATER = {
    "conv2d": (PICTURE, L.Conv2D(4, 3, strides=2, padding="same", activation="relu")),
    "conv2d_dilated": (PICTURE, L.Conv2D(3, (3, 2), dilation_rate=2, use_bias=False)),
    "separable_conv2d": (PICTURE, L.SeparableConv2D(4, 3, depth_multiplier=2, padding="same")),
    "dense": ((6,), L.Dense(5, activation="sigmoid")),
    "batch_normalization": (PICTURE, L.BatchNormalization()),
    "max_pooling2d": (PICTURE, L.MaxPooling2D()),
    "max_pooling2d_same": (PICTURE, L.MaxPooling2D(3, strides=2, padding="same")),
    "average_pooling2d": (PICTURE, L.AveragePooling2D(2)),
    "average_pooling2d_same": (PICTURE, L.AveragePooling2D((3, 2), strides=2, padding="same")),
    "global_average_pooling2d": (PICTURE, L.GlobalAveragePooling2D()),
    "flatten": (PICTURE, L.Flatten()),
    "rescaling": (PICTURE, L.Rescaling(1.5, offset=-0.25)),
    **{f"activation_{name}": (PICTURE, L.Activation(name)) for name in ["relu", "sigmoid", "tanh", "softmax"]},
}
for name, (shape, layer) in LATER.items():
    x = keras.Input(shape)
    line(name, keras.Model(x, layer(x)))
x = keras.Input(PICTURE)
line("add", keras.Model(x, L.Add()([x, L.Rescaling(0.5, offset=0.25)(x), L.Activation("tanh")(x)])))
for name, layer in {
    "center_crop": L.CenterCrop(2, 4),
    "center_crop_of_smaller": L.CenterCrop(6, 4),
    "center_crop_of_much_smaller": L.CenterCrop(3, 20),
    "resizing": L.Resizing(8, 4),
    "resizing_nearest": L.Resizing(8, 3, interpolation="nearest"),
    "resizing_nearest_larger": L.Resizing(13, 41, interpolation="nearest"),
    "resizing_nearest_smaller": L.Resizing(2, 5, interpolation="nearest"),
}.items():
    x = keras.Input(PICTURE)
    line(name, keras.Model(x, layer(x)))

# Layers that draw, where they do not: in inference.
for name, layer in {
    "dropout": L.Dropout(0.5),
    "gaussian_dropout": L.GaussianDropout(0.5),
    "gaussian_noise": L.GaussianNoise(0.5),
    "spatial_dropout2d": L.SpatialDropout2D(0.5),
    "random_flip": L.RandomFlip(),
    "random_rotation": L.RandomRotation(0.25),
    "random_zoom": L.RandomZoom(0.25),
    "random_contrast": L.RandomContrast(0.5),
    "random_translation": L.RandomTranslation(0.25, 0.25),
}.items():
    x = keras.Input(PICTURE)
    line(name, keras.Model(x, layer(x)))

for name, layer in {
    "normalization": L.Normalization(),
    "normalization_axes": L.Normalization(axis=(3, 1)),
    "normalization_of_all": L.Normalization(axis=None, invert=True),
    "normalization_given": L.Normalization(mean=[0.5, -0.25, 2.0], variance=[0.25, 4.0, 1e-20]),
    "normalization_given_to_all": L.Normalization(axis=(1, 2), mean=0.5, variance=2.0, invert=True),
    "normalization_given_to_columns": L.Normalization(axis=(1, 2), mean=[[0.5], [0.1], [0.2], [-3.0], [0.0]], variance=[[2.0], [1.0], [0.5], [3.0], [1.5]]),
    "layer_normalization_first_axis": L.LayerNormalization(axis=1),
    "layer_normalization_apart": L.LayerNormalization(axis=[1, 3], epsilon=0.01),
    "layer_normalization_middle": L.LayerNormalization(axis=[2], scale=False),
}.items():
    x = keras.Input(PICTURE)
    line(name, keras.Model(x, layer(x)))

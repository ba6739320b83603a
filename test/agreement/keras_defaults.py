"""Writes what Keras says its layers, initializers, losses and optimizers default to, as one JSON file.

python3 test/agreement/keras_defaults.py > test/agreement/fixtures/keras_defaults.json

For each: `required`, what has no default, and `defaults`, from `get_config()` of one made with nothing else. For layers also
their `weights` on an input [2, 8, 7, 4] or that of SHAPES: name, shape and whether training changes them.
"""
import inspect
import json

import keras

REQUIRED = {
    "activation": "relu", "factor": 0.1, "filters": 2, "height_factor": 0.1, "kernel_size": 3, "pool_size": 2,
    "dims": [3, 1, 2], "width_factor": 0.2, "rate": 0.5, "stddev": 0.5, "scale": 2.0, "height": 4, "width": 3, "target_shape": [4, 56], "units": 2,
}
LAYERS = [
    "Activation", "Add", "Average", "AveragePooling2D", "BatchNormalization", "CenterCrop", "Concatenate", "Conv2D", "Conv2DTranspose",
    "Cropping2D", "Dense", "DepthwiseConv2D", "Dropout", "ELU", "Flatten", "GaussianDropout", "GaussianNoise",
    "GlobalAveragePooling2D", "GlobalMaxPooling2D",
    "GroupNormalization", "LayerNormalization", "LeakyReLU", "MaxPooling2D", "Maximum", "Minimum", "Multiply", "Normalization", "PReLU",
    "Permute", "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "ReLU", "Rescaling", "Reshape", "Resizing", "SeparableConv2D", "Softmax",
    "SpatialDropout2D", "Subtract", "UnitNormalization", "UpSampling2D", "ZeroPadding2D",
]
SHAPES = {"Dense": (2, 6), "GroupNormalization": (2, 8, 7, 64)}
MERGING = ["Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"]
INITIALIZERS = [
    "Zeros", "Ones", "Constant", "RandomUniform", "RandomNormal", "TruncatedNormal", "GlorotUniform", "GlorotNormal",
    "HeUniform", "HeNormal", "LecunUniform", "LecunNormal", "VarianceScaling", "Orthogonal",
]
OPTIMIZERS = ["SGD", "RMSprop", "Adam", "AdamW", "Adamax", "Nadam", "Adagrad", "Adadelta"]
SIMPLE = (bool, int, float, str, type(None))


def plain(value):
    if isinstance(value, dict) and "class_name" in value:
        return value["class_name"]
    return value


def described(kind):
    parameters = inspect.signature(kind.__init__).parameters.values()
    required = [
        p.name for p in parameters
        if p.default is p.empty and p.name != "self" and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    ]
    keras.backend.clear_session()
    config = kind(**{name: REQUIRED[name] for name in required}).get_config()
    # RandomCrop writes the seed that it drew; Dense writes a regularizer of outputs only where it has one.
    unsaid = ("seed", "activity_regularizer")
    config.update({p.name: None for p in parameters if p.name in unsaid and p.default is None})
    defaults = {name: plain(value) for name, value in config.items() if name not in (*required, "dtype")}
    return {"required": required, "defaults": defaults}


def built(kind):
    told = described(kind)
    layer = kind(**{name: REQUIRED[name] for name in told["required"]})
    shape = SHAPES.get(kind.__name__, (2, 8, 7, 4))
    layer.build([shape, shape] if kind.__name__ in MERGING else shape)
    weights = [[w.name, list(w.shape), w.trainable] for w in layer.weights if "seed" not in w.name]
    return {**told, "weights": weights}


def signature(method):
    parameters = inspect.signature(method).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty and isinstance(p.default, SIMPLE)}


answers = {
    "keras": keras.__version__,
    "layers": {name: built(getattr(keras.layers, name)) for name in LAYERS},
    "initializers": {name: described(getattr(keras.initializers, name)) for name in INITIALIZERS},
    "losses": {name: described(getattr(keras.losses, name)) for name in ["BinaryCrossentropy", "CategoricalCrossentropy"]},
    "optimizers": {name: described(getattr(keras.optimizers, name)) for name in OPTIMIZERS},
    "methods": {name: signature(getattr(keras.Model, name)) for name in ["compile", "fit"]},
}
print(json.dumps(answers, indent=2, sort_keys=True))

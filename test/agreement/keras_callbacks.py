"""Writes what Keras's EarlyStopping and ReduceLROnPlateau do with drawn values, epoch by epoch, as one JSON file.

python3 test/agreement/keras_callbacks.py > test/agreement/fixtures/keras_callbacks.json

For each: `word` and `options` of the callback here, the `values` of what it monitors, and the epoch after which it stopped (null for
never), the epoch whose weights were restored (null for none), and the learning rate after each epoch.
"""
import json

import keras
import numpy as np

draw = np.random.default_rng(19)


class Fake:
    """A model whose weights are the number of its epoch."""

    def __init__(self):
        self.stop_training = False
        self.optimizer = keras.optimizers.SGD(0.5)
        self.epoch = None
        self.restored = None

    def get_weights(self):
        return [self.epoch]

    def set_weights(self, weights):
        self.restored = weights[0]


OPTIONS = [
    ("earlyStopping", {}),
    ("earlyStopping", {"patience": 2}),
    ("earlyStopping", {"patience": 2, "minDelta": 0.1875}),
    ("earlyStopping", {"patience": 3, "restoreBestWeights": True}),
    ("earlyStopping", {"patience": 1, "startFromEpoch": 4, "restoreBestWeights": True}),
    ("earlyStopping", {"patience": 3, "baseline": 0.375, "restoreBestWeights": True}),
    ("earlyStopping", {"patience": 2, "baseline": 0.6875}),
    ("earlyStopping", {"patience": 11}),
    ("reduceLROnPlateau", {"patience": 1}),
    ("reduceLROnPlateau", {"patience": 2, "factor": 0.3}),
    ("reduceLROnPlateau", {"patience": 0, "factor": 0.5, "minLr": 0.1}),
    ("reduceLROnPlateau", {"patience": 1, "factor": 0.7, "cooldown": 2, "minDelta": 0.125}),
]
SPELLED = {"minDelta": "min_delta", "restoreBestWeights": "restore_best_weights", "startFromEpoch": "start_from_epoch", "minLr": "min_lr"}
CLASSES = {"earlyStopping": keras.callbacks.EarlyStopping, "reduceLROnPlateau": keras.callbacks.ReduceLROnPlateau}


def row(word, options, mode):
    # Keras compares floats: of sixteenths they are the same numbers.
    values = (draw.integers(0, 17, 12) / 16).tolist()
    # One of them is no number.
    if draw.random() < 0.2:
        values[5] = float("nan")
    model = Fake()
    callback = CLASSES[word](monitor="val_loss", mode=mode, **{SPELLED.get(name, name): one for name, one in options.items()})
    callback.set_model(model)
    callback.on_train_begin()
    rates, stopped = [], None
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {"val_loss": value})
        rates.append(float(np.asarray(model.optimizer.learning_rate)))
        if model.stop_training:
            stopped = epoch
            break
    callback.on_train_end()
    told = [None if value != value else value for value in values]
    return {"word": word, "options": {**options, "mode": mode}, "values": told, "stopped": stopped, "restored": model.restored, "rates": rates}


rows = [row(word, options, mode) for word, options in OPTIONS for mode in ("min", "max") for _ in range(4)]
print('{"keras": "%s", "rows": [' % keras.__version__)
print(",\n".join(json.dumps(one) for one in rows))
print("]}")

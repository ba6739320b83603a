"""Writes what Keras's metrics come to on drawn outputs and targets, as one JSON file.

python3 test/agreement/keras_metrics.py > test/agreement/fixtures/keras_metrics.json

For each: `word` and `options` of the metric here, `classes`, `prediction`, `target` and `weights` (null for none), the config that
Keras keeps, and the `value` it has after two unequal batches. Scores lie on sixteenths, so that many are equal; AUC is asked at
every place between two of them, where Keras is exact, too.
"""
import json

import keras
import numpy as np

draw = np.random.default_rng(18)
GRID = 16
BETWEEN = [(i + 0.5) / GRID for i in range(GRID)]


def scores(*shape):
    return (draw.integers(0, GRID + 1, shape) / GRID).astype("float32")


def one_hot(count, classes):
    return np.eye(classes, dtype="float32")[draw.integers(0, classes, count)]


COUNT = 23
BINARY = (1, scores(COUNT, 1), (draw.random((COUNT, 1)) > 0.4).astype("float32"))
THREE = (3, scores(COUNT, 3), one_hot(COUNT, 3))
# One class never occurs and is never the largest.
ABSENT = (4, np.concatenate([scores(COUNT, 3), np.full((COUNT, 1), -1, "float32")], 1), np.pad(one_hot(COUNT, 3), ((0, 0), (0, 1))))
SEVERAL = (4, scores(COUNT, 4), (draw.random((COUNT, 4)) > 0.6).astype("float32"))
NUMBERS = (6, scores(COUNT, 6), draw.integers(0, 6, (COUNT, 1)).astype("float32"))
VALUES = (2, draw.normal(size=(COUNT, 2)).astype("float32"), draw.normal(size=(COUNT, 2)).astype("float32"))
M = keras.metrics

CASES = [
    ("binaryAccuracy", {}, M.BinaryAccuracy(), BINARY),
    ("binaryAccuracy", {"threshold": 0.7}, M.BinaryAccuracy(threshold=0.7), SEVERAL),
    ("categoricalAccuracy", {}, M.CategoricalAccuracy(), THREE),
    ("sparseCategoricalAccuracy", {}, M.SparseCategoricalAccuracy(), NUMBERS),
    ("topKCategoricalAccuracy", {"k": 2}, M.TopKCategoricalAccuracy(k=2), THREE),
    ("sparseTopKCategoricalAccuracy", {}, M.SparseTopKCategoricalAccuracy(), NUMBERS),
    ("sparseTopKCategoricalAccuracy", {"k": 3}, M.SparseTopKCategoricalAccuracy(k=3), NUMBERS),
    ("precision", {}, M.Precision(), BINARY),
    ("precision", {}, M.Precision(), SEVERAL),
    ("precision", {"thresholds": [0.2, 0.5, 0.8]}, M.Precision(thresholds=[0.2, 0.5, 0.8]), SEVERAL),
    ("precision", {"topK": 2}, M.Precision(top_k=2), SEVERAL),
    ("precision", {"topK": 1, "classId": 1}, M.Precision(top_k=1, class_id=1), THREE),
    ("recall", {}, M.Recall(), BINARY),
    ("recall", {"classId": 2}, M.Recall(class_id=2), SEVERAL),
    ("recall", {"topK": 2, "thresholds": 0.6}, M.Recall(top_k=2, thresholds=0.6), SEVERAL),
    ("fBetaScore", {"threshold": 0.5, "beta": 2.0}, M.FBetaScore(threshold=0.5, beta=2.0), SEVERAL),
    ("fBetaScore", {"threshold": 0.5, "average": "micro"}, M.FBetaScore(threshold=0.5, average="micro"), SEVERAL),
    ("fBetaScore", {"threshold": 0.3, "average": "macro", "beta": 0.5}, M.FBetaScore(threshold=0.3, average="macro", beta=0.5), SEVERAL),
    ("f1Score", {"threshold": 0.4, "average": "weighted"}, M.F1Score(threshold=0.4, average="weighted"), SEVERAL),
    ("auc", {}, M.AUC(thresholds=BETWEEN), BINARY),
    ("auc", {"summationMethod": "minoring"}, M.AUC(thresholds=BETWEEN, summation_method="minoring"), BINARY),
    ("auc", {"summationMethod": "majoring"}, M.AUC(thresholds=BETWEEN, summation_method="majoring"), BINARY),
    ("auc", {"curve": "PR"}, M.AUC(thresholds=BETWEEN, curve="PR"), BINARY),
    ("auc", {"curve": "PR"}, M.AUC(thresholds=BETWEEN, curve="PR"), SEVERAL),
    ("auc", {"curve": "PR", "summationMethod": "minoring"}, M.AUC(thresholds=BETWEEN, curve="PR", summation_method="minoring"), SEVERAL),
    ("auc", {"curve": "PR", "summationMethod": "majoring"}, M.AUC(thresholds=BETWEEN, curve="PR", summation_method="majoring"), SEVERAL),
    ("auc", {"multiLabel": True}, M.AUC(thresholds=BETWEEN, multi_label=True), SEVERAL),
    ("auc", {"multiLabel": True, "labelWeights": [1, 2, 0.5, 3]}, M.AUC(thresholds=BETWEEN, multi_label=True, label_weights=[1, 2, 0.5, 3]), SEVERAL),
    ("auc", {"multiLabel": True, "curve": "PR"}, M.AUC(thresholds=BETWEEN, multi_label=True, curve="PR"), SEVERAL),
    ("auc", {"labelWeights": [1, 2, 0.5, 3]}, M.AUC(thresholds=BETWEEN, label_weights=[1, 2, 0.5, 3]), SEVERAL),
    ("meanIoU", {"numClasses": 3}, M.MeanIoU(num_classes=3, sparse_y_true=False, sparse_y_pred=False), THREE),
    ("meanIoU", {"numClasses": 4}, M.MeanIoU(num_classes=4, sparse_y_true=False, sparse_y_pred=False), ABSENT),
    ("meanIoU", {"numClasses": 6, "ignoreClass": 2}, M.MeanIoU(num_classes=6, ignore_class=2, sparse_y_pred=False), NUMBERS),
    ("meanAbsoluteError", {}, M.MeanAbsoluteError(), VALUES),
    ("meanSquaredError", {}, M.MeanSquaredError(), VALUES),
    ("rootMeanSquaredError", {}, M.RootMeanSquaredError(), VALUES),
]


def value_of(metric, prediction, target, weights):
    metric.reset_state()
    for part in (slice(0, 9), slice(9, COUNT)):
        metric.update_state(target[part], prediction[part], sample_weight=None if weights is None else weights[part])
    return np.asarray(metric.result()).tolist()


WEIGHTS = (draw.integers(0, 9, COUNT) / 4).astype("float32")


def rows():
    for word, options, metric, (classes, prediction, target) in CASES:
        name = metric.name if metric.name[-1] not in "0123456789" or metric.name == "f1_score" else metric.name.rsplit("_", 1)[0]
        config = {**keras.saving.serialize_keras_object(metric)["config"], "name": name, "dtype": "float32"}
        config.pop("thresholds" if word == "auc" else "", None)
        # Keras counts IoU in whole numbers.
        for weights in (None, WEIGHTS * 4 if word == "meanIoU" else WEIGHTS):
            yield {
                "word": word, "options": options, "classes": classes, "weights": None if weights is None else weights.tolist(),
                "prediction": prediction.ravel().tolist(), "target": target.ravel().tolist(),
                "class": type(metric).__name__, "config": config, "value": value_of(metric, prediction, target, weights),
            }


print('{"keras": "%s", "rows": [' % keras.__version__)
print(",\n".join(json.dumps(row) for row in rows()))
print("]}")

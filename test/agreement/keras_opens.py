"""Opens with Keras what keras_folder.ts wrote, and compares predictions, weights and the optimizer's state with the originals.

python3 test/agreement/keras_opens.py FOLDER WRITTEN

FOLDER holds TAG.keras, TAG.h5, TAG.weights.h5 and TAG.npz by Keras (x, predictions, names, w0/NAME), WRITTEN the same names
as keras_folder.ts wrote them. One line a file; exits with 1 where a file does not open or differs by more than 1e-6 of the largest.
"""
import glob
import os
import sys

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy

folder, written = sys.argv[1:]
most = 1e-6


def difference(mine, theirs):
    mine, theirs = numpy.asarray(mine, numpy.float64), numpy.asarray(theirs, numpy.float64)
    assert mine.shape == theirs.shape, (mine.shape, theirs.shape)
    return float(numpy.abs(mine - theirs).max() / max(numpy.abs(theirs).max(), 1e-30)) if mine.size else 0.0


def arrays(model):
    return [numpy.asarray(weight) for weight in model.weights if "seed" not in weight.name]


def judged(path):
    name = os.path.basename(path)
    tag = name.split(".")[0].split("_")[0]
    data = numpy.load(f"{folder}/{tag}.npz")
    original = keras.models.load_model(f"{folder}/{name.replace('.weights.h5', '.keras')}")
    if name.endswith(".weights.h5"):
        model = keras.models.clone_model(original)
        model.load_weights(path)
    else:
        model = keras.models.load_model(path)
    found = {"weights": max(difference(a, b) for a, b in zip(arrays(model), arrays(original), strict=True))}
    x = data["x"]
    found["predictions"] = difference(model(x, training=False), original(x, training=False))
    if getattr(original, "optimizer", None) is not None:
        pairs = list(zip(model.optimizer.variables, original.optimizer.variables, strict=True))
        found["optimizer"] = max(difference(a, b) for a, b in pairs)
        found["steps"] = int(model.optimizer.iterations)
    if "optimizer" in found and not name.endswith(".h5"):  # out of its own legacy file Keras 3.15.1 does not train on either
        y = data["y"]
        losses = [numpy.ravel(one.train_on_batch(x[:2], y[:2]))[0] for one in (model, original)]
        found["next loss"] = difference(*losses)
        found["next weights"] = max(difference(a, b) for a, b in zip(arrays(model), arrays(original), strict=True))
    return found


worst = 0
for path in sorted(glob.glob(f"{written}/*.keras") + glob.glob(f"{written}/*.h5")):
    try:
        found = judged(path)
        worst = max([worst, *[value for name, value in found.items() if name != "steps"]])
        print(os.path.basename(path), " ".join(f"{name} {value:.2g}" for name, value in found.items()))
    except Exception as error:
        worst = 1
        print(os.path.basename(path), "does not open:", type(error).__name__, str(error).splitlines()[0])
print(f"keras {keras.__version__}, largest {worst:.2g}, at most {most} is agreement")
sys.exit(worst > most)

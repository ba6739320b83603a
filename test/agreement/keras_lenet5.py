"""LeNet-5 trained by Keras: 200 steps of Adam from Keras's own initial weights, with 1 and with 2 threads.

Writes fixtures/lenet5_initial.f32 and fixtures/lenet5_trained.f32 (all weights in Keras's order, little-endian float32; trained is the run
with 1 thread) and fixtures/lenet5.jsonl (versions, losses, and how far the two runs lie apart). Needs keras==3.15.1 and
tensorflow-cpu==2.21.0:

    TF_ENABLE_ONEDNN_OPTS=0 python keras_lenet5.py
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent / "fixtures"
STEPS, BATCH, SAMPLES = 200, 32, 640


def digits():
    """The same pictures as lenet5.test.ts draws: a pattern of the class under noise, by a linear congruential generator."""
    state = np.uint64(2026)
    drawn = np.empty((10 + SAMPLES) * 784, dtype=np.uint8)
    for i in range(drawn.size):
        state = (state * np.uint64(1664525) + np.uint64(1013904223)) & np.uint64(0xFFFFFFFF)
        drawn[i] = int(state) >> 24
    patterns, noise = drawn[:7840].reshape(10, 784).astype(int), drawn[7840:].reshape(SAMPLES, 784).astype(int)
    classes = np.arange(SAMPLES) * 7 % 10
    x = (patterns[classes] + 3 * noise) // 4
    return (x / 256).astype(np.float32).reshape(SAMPLES, 28, 28, 1), np.eye(10, dtype=np.float32)[classes]


def run(threads, save):
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(1998)
    tf.config.experimental.enable_op_determinism()
    layers = keras.layers
    net = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(6, 5, padding="same", activation="relu"),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="relu"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="relu"),
        layers.Dense(84, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    net.compile(optimizer=keras.optimizers.Adam(), loss="categorical_crossentropy")
    x, y = digits()
    flat = lambda: np.concatenate([w.ravel() for w in net.get_weights()]).astype("<f4")
    initial = flat()
    losses = []
    for step in range(STEPS):
        first = step * BATCH % SAMPLES
        losses.append(float(net.train_on_batch(x[first : first + BATCH], y[first : first + BATCH])))
        net.reset_metrics()  # train_on_batch answers with the mean since the last reset
    np.savez(save, initial=initial, trained=flat(), losses=np.array(losses))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(int(sys.argv[1]), sys.argv[2])
        sys.exit()
    import tempfile
    from importlib.metadata import version

    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for threads in (1, 2):
            file = f"{folder}/{threads}.npz"
            subprocess.run([sys.executable, __file__, str(threads), file], check=True)
            runs.append(dict(np.load(file)))
    one, two = runs
    assert (one["initial"] == two["initial"]).all()
    apart = np.abs(one["trained"].astype(float) - two["trained"].astype(float))
    HERE.joinpath("lenet5_initial.f32").write_bytes(one["initial"].tobytes())
    HERE.joinpath("lenet5_trained.f32").write_bytes(one["trained"].tobytes())
    facts = {
        "keras": version("keras"),
        "tensorflow": version("tensorflow-cpu"),
        "steps": STEPS,
        "batch": BATCH,
        "losses": [float(f"{loss:.7g}") for loss in one["losses"]],
        "apart": {"max": float(apart.max()), "norm": float(np.sqrt((apart**2).sum()))},
    }
    HERE.joinpath("lenet5.jsonl").write_text(json.dumps(facts) + "\n")
    print(facts["apart"], facts["losses"][0], facts["losses"][-1])

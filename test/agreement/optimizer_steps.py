"""What Keras's and PyTorch's optimizers make of a weight, one JSON object a line: ten steps along drawn gradients.

python3 test/agreement/optimizer_steps.py keras > test/agreement/fixtures/optimizer_steps_keras.jsonl
python3 test/agreement/optimizer_steps.py torch > test/agreement/fixtures/optimizer_steps_torch.jsonl

Each line: `optimizer`, its `options` by our names, and `weights`, two weights after the last step; the first line the version,
and both weights and their gradients of every step as they were drawn. Two weights, so that a limit of all gradients together
is another than that of each.
"""
import json
import os
import sys

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy

STEPS, SHAPES = 10, [(3, 5), (7,)]
generator = numpy.random.default_rng(18)
first = [generator.standard_normal(shape).astype(numpy.float32) for shape in SHAPES]
gradients = [[generator.standard_normal(shape).astype(numpy.float32) for shape in SHAPES] for _ in range(STEPS)]
plain = lambda arrays: [[float(value) for value in array.ravel()] for array in arrays]


def in_keras(optimizer, **options):
    import keras

    spelled = {"learningRate": "learning_rate", "weightDecay": "weight_decay", "globalClipnorm": "global_clipnorm",
               "beta1": "beta_1", "beta2": "beta_2", "initialAccumulatorValue": "initial_accumulator_value"}
    given = {spelled.get(name, name): value for name, value in options.items()}
    if isinstance(options["learningRate"], list):
        rates = options["learningRate"]
        given["learning_rate"] = keras.optimizers.schedules.PiecewiseConstantDecay([4], rates)
    rule = getattr(keras.optimizers, optimizer)(**given)
    weights = [keras.Variable(value) for value in first]
    rule.build(weights)
    for step in gradients:
        rule.apply([keras.ops.convert_to_tensor(g) for g in step])
    return [weight.numpy() for weight in weights]


def in_torch(optimizer, options, rates=None):
    import torch

    weights = [torch.nn.Parameter(torch.tensor(value)) for value in first]
    rule = getattr(torch.optim, optimizer)(weights, **options)
    for i, step in enumerate(gradients):
        if rates is not None:
            rule.param_groups[0]["lr"] = rates[0] if i <= 4 else rates[1]
        for weight, g in zip(weights, step):
            weight.grad = torch.tensor(g)
        rule.step()
    return [weight.detach().numpy() for weight in weights]


def tell_keras():
    import keras

    print(json.dumps({"version": f"Keras {keras.__version__}", "first": plain(first), "gradients": [plain(g) for g in gradients]}))
    cases = [
        ("SGD", {}), ("SGD", {"momentum": 0.9, "nesterov": True, "weightDecay": 0.1}), ("SGD", {"learningRate": [0.1, 0.01], "momentum": 0.9}),
        ("RMSprop", {"weightDecay": 0.1, "momentum": 0.5}),
        ("Adam", {}), ("Adam", {"amsgrad": True, "beta2": 0.7}), ("Adam", {"beta1": 0.5, "beta2": 0.9, "epsilon": 0.01}),
        ("AdamW", {}), ("AdamW", {"weightDecay": 0.3, "learningRate": [0.1, 0.01]}),
        ("Adamax", {}), ("Adamax", {"beta1": 0.5, "beta2": 0.7, "weightDecay": 0.1}),
        ("Nadam", {}), ("Nadam", {"beta1": 0.5, "beta2": 0.7, "weightDecay": 0.1}),
        ("Adagrad", {}), ("Adagrad", {"initialAccumulatorValue": 0.0, "epsilon": 0.01, "weightDecay": 0.1}),
        ("Adadelta", {}), ("Adadelta", {"learningRate": 1.0, "rho": 0.5, "epsilon": 0.01, "weightDecay": 0.1}),
        ("SGD", {"clipvalue": 0.5}), ("SGD", {"clipnorm": 0.5}), ("SGD", {"globalClipnorm": 0.5}),
        ("Adam", {"globalClipnorm": 100.0}), ("SGD", {"clipnorm": 2.5}),
    ]
    for optimizer, given in cases:
        options = {"learningRate": 0.1, **given}
        print(json.dumps({"optimizer": optimizer, "options": options, "weights": plain(in_keras(optimizer, **options))}))


def tell_torch():
    import torch

    print(json.dumps({"version": f"PyTorch {torch.__version__}", "first": plain(first), "gradients": [plain(g) for g in gradients]}))
    cases = [
        ("SGD", {"momentum": 0.9, "velocityOf": "gradients"}, {"momentum": 0.9}),
        ("SGD", {"learningRate": [0.1, 0.01], "momentum": 0.9, "nesterov": True, "velocityOf": "gradients"},
         {"momentum": 0.9, "nesterov": True}),
        ("SGD", {"momentum": 0.9, "velocityOf": "gradients", "weightDecay": 0.1, "weightDecayForm": "coupled"},
         {"momentum": 0.9, "weight_decay": 0.1}),
        ("RMSprop", {"rho": 0.99, "epsilon": 1e-8, "epsilonPlace": "outside"}, {}),
        ("RMSprop", {"rho": 0.99, "epsilon": 1e-8, "epsilonPlace": "outside", "weightDecay": 0.1, "weightDecayForm": "coupled"},
         {"weight_decay": 0.1}),
        ("Adam", {"epsilon": 1e-8, "epsilonForm": "corrected"}, {}),
        ("Adam", {"epsilon": 0.01, "epsilonForm": "corrected", "weightDecay": 0.1, "weightDecayForm": "coupled", "amsgrad": True},
         {"eps": 0.01, "weight_decay": 0.1, "amsgrad": True}),
        ("AdamW", {"epsilon": 0.01, "epsilonForm": "corrected", "weightDecay": 0.1}, {"eps": 0.01, "weight_decay": 0.1}),
        ("Adagrad", {"initialAccumulatorValue": 0, "epsilon": 1e-10, "epsilonPlace": "outside"}, {}),
        ("Adadelta", {"rho": 0.9, "epsilon": 1e-6}, {}),
    ]
    for optimizer, ours, theirs in cases:
        rate = ours.get("learningRate", 0.1)
        rates = rate if isinstance(rate, list) else None
        made = in_torch(optimizer, {"lr": rates[0] if rates else rate, **theirs}, rates)
        print(json.dumps({"optimizer": optimizer, "options": {"learningRate": rate, **ours}, "weights": plain(made)}))


{"keras": tell_keras, "torch": tell_torch}[sys.argv[1]]()

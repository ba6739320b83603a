"""The rates of PyTorch's schedulers, asked once a step, one JSON object a line.

python3 test/agreement/torch_schedules.py > test/agreement/fixtures/torch_schedules.jsonl

`words` is ours: what makes the schedule here.
"""
import json
import warnings

import torch

warnings.simplefilter("ignore")
STEPS = 24
schedulers = torch.optim.lr_scheduler
cases = [
    ("stepDecay:initialLearningRate=0.5,stepSize=5,gamma=0.3", 0.5, lambda o: schedulers.StepLR(o, 5, 0.3)),
    ("multiStepDecay:initialLearningRate=0.5,milestones=[2,9,10]", 0.5, lambda o: schedulers.MultiStepLR(o, [2, 9, 10])),
    ("warmup:learningRate=0.5,warmupSteps=7,startFactor=0.25", 0.5, lambda o: schedulers.LinearLR(o, 0.25, total_iters=7)),
    ("cosineDecay:initialLearningRate=0.5,decaySteps=23", 0.5, lambda o: schedulers.CosineAnnealingLR(o, 23)),
    ("cosineDecayRestarts:initialLearningRate=0.5,firstDecaySteps=3", 0.5,
     lambda o: schedulers.CosineAnnealingWarmRestarts(o, 3, 2)),
    ("exponentialDecay:initialLearningRate=0.5,decaySteps=1,decayRate=0.9", 0.5, lambda o: schedulers.ExponentialLR(o, 0.9)),
    ("polynomialDecay:initialLearningRate=0.5,decaySteps=9,endLearningRate=0,power=1.5", 0.5,
     lambda o: schedulers.PolynomialLR(o, 9, 1.5)),
    ("oneCycle:maxLearningRate=0.5,totalSteps=24", 0.5, lambda o: schedulers.OneCycleLR(o, 0.5, 24)),
    ("oneCycle:maxLearningRate=0.5,totalSteps=24,pctStart=0.5,annealStrategy=linear,divFactor=4,finalDivFactor=8", 0.5,
     lambda o: schedulers.OneCycleLR(o, 0.5, 24, pct_start=0.5, anneal_strategy="linear", div_factor=4, final_div_factor=8)),
] + [
    (f"cyclic:baseLearningRate=0.1,maxLearningRate=0.5,stepSizeUp=3,stepSizeDown=5,mode={ours},gamma=0.9", 0.5,
     lambda o, mode=mode: schedulers.CyclicLR(o, 0.1, 0.5, 3, 5, mode=mode, gamma=0.9, cycle_momentum=False))
    for ours, mode in [("triangular", "triangular"), ("triangular2", "triangular2"), ("expRange", "exp_range")]
]
print(json.dumps({"version": torch.__version__}))
for words, rate, make in cases:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(rates) < STEPS:
            scheduler.step()
    print(json.dumps({"words": words, "rates": [float(rate) for rate in rates]}))

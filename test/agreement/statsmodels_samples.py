"""What statsmodels says of drawn and degenerate sets: Holm's correction, the power of a t-test, tests and intervals; one JSON object a line.

python3 test/agreement/statsmodels_samples.py > test/agreement/fixtures/statsmodels.jsonl

Numbers that JSON lacks are the strings "nan", "inf" and "-inf".
"""
import json
import math
import random
import warnings

import numpy
import scipy
import statsmodels
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import DescrStatsW

warnings.simplefilter("ignore")
numpy.seterr(all="ignore")
draw = random.Random(20_260)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (float, numpy.floating)):
        value = float(value)
        return value if math.isfinite(value) else str(value)
    return value


def tell(kind, given, found):
    print(json.dumps(plain({"kind": kind, **given, "found": found}), allow_nan=False))


def holm(values):
    tell("holm", {"values": values}, list(multipletests(values, method="holm")[1]))


def power(count, effect, level):
    found = float(TTestPower().power(effect, count, level, alternative="two-sided"))
    if level + 0.02 < found < 0.99:
        tell("power", {"count": count, "effect": effect, "level": level}, found)


def one(values, value):
    found = DescrStatsW(values)
    t, p, df = found.ttest_mean(value)
    low, high = found.tconfint_mean(0.05)
    tell("one", {"values": values, "value": value}, {"statistic": t, "p": p, "df": df, "low": low, "high": high})


def several(groups):
    found = anova_oneway(groups, use_var="equal")
    tell("several", {"groups": groups}, {"statistic": found.statistic, "p": found.pvalue})


print(json.dumps({"statsmodels": statsmodels.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__}))
digits = lambda x: float("%.7g" % x)

for number in range(180):
    count = draw.choice([1, 2, 3, 5, 8, 20, 60])
    values = [10 ** draw.uniform(-12, 0) if number % 3 else draw.random() for _ in range(count)]
    if number % 4 == 0:
        values = [draw.choice(values) for _ in values]  # ties
    holm([digits(p) for p in values])
for values in ([0.0], [1.0], [0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0], [0.05, 0.05], [0.5, 0.5, 0.001], [1e-300, 1e-308], [1e-320, 0.3]):
    holm(values)
for number in range(11):
    holm([0.05 / (number + 1)] * (number + 1))

for number in range(400):
    count, level = draw.choice([3, 4, 5, 6, 8, 10, 15, 20, 30, 60, 120]), draw.choice([0.05, 0.01, 0.1])
    power(count, digits(draw.uniform(0.2, 3) * (5 / count) ** 0.5), level)

for number in range(200):
    scale = draw.choice([1e-6, 0.01, 1, 250])
    center = scale * draw.choice([0, 1, -5, 40])
    values = [digits(draw.gauss(center, scale)) for _ in range(draw.choice([2, 3, 5, 8, 20, 60]))]
    one(values, digits(center + scale * draw.choice([0, 0.2, -1, 3])))
for number in range(200):
    scale, apart = draw.choice([1e-6, 0.01, 1, 250]), draw.choice([0, 0.3, 1, 4])
    sizes = [draw.choice([2, 3, 5, 12]) for _ in range(draw.choice([2, 3, 5, 8]))]
    several([[digits(draw.gauss(scale * apart * place, scale)) for _ in range(size)] for place, size in enumerate(sizes)])

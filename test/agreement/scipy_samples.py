"""What scipy and numpy say about random and degenerate samples, one JSON object a line, the versions first.

python3 test/agreement/scipy_samples.py > test/agreement/fixtures/scipy.jsonl

Effect sizes, which scipy does not have, are written here from their definitions with numpy and scipy.special. Numbers
that JSON lacks are the strings "nan", "inf" and "-inf"; null stands where scipy raises.
"""
import json
import math
import platform
import random
import warnings

import numpy
import scipy
from scipy import special, stats

warnings.simplefilter("ignore")
numpy.seterr(all="ignore")


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (float, numpy.floating)):
        value = float(value)
        return value if math.isfinite(value) else str(value)
    return value


def correction(df):
    return float(numpy.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / numpy.sqrt(df / 2))


def one_sample(values, value):
    statistic, p = stats.ttest_1samp(values, value)
    array = numpy.array(values, dtype=numpy.float64)
    sd = numpy.std(array, ddof=1)
    d = (numpy.mean(array) - value) / sd
    return {
        "mean": numpy.mean(array),
        "sd": sd,
        "sdPopulation": numpy.std(array),
        "standardError": stats.sem(array),
        "statistic": statistic,
        "p": p,
        "cohensD": d,
        "hedgesG": d * correction(len(values) - 1) if len(values) > 2 else None,
    }


def pair(a, b):
    df = len(a) + len(b) - 2
    pooled = math.sqrt(((len(a) - 1) * numpy.var(a, ddof=1) + (len(b) - 1) * numpy.var(b, ddof=1)) / df)
    d = numpy.float64(numpy.mean(a) - numpy.mean(b)) / pooled
    return {"cohensD": d, "hedgesG": d * correction(df)}


def tried(test, groups):
    try:
        statistic, p = test(*groups)
        return {"statistic": statistic, "p": p}
    except (TypeError, ValueError, IndexError):
        return None


def effects(groups):
    every = numpy.concatenate(groups)
    between = sum(len(group) * (numpy.mean(group) - numpy.mean(every)) ** 2 for group in groups)
    within = sum(numpy.sum((numpy.array(group) - numpy.mean(group)) ** 2) for group in groups)
    mean_within = within / numpy.float64(len(every) - len(groups))
    total = numpy.float64(between + within)
    return {
        "etaSquared": between / total,
        "omegaSquared": (between - (len(groups) - 1) * mean_within) / (total + mean_within),
    }


def several(groups):
    count = sum(len(group) for group in groups)
    f = tried(stats.f_oneway, groups)
    h = tried(stats.kruskal, groups)
    if f is not None and min(len(group) for group in groups) > 0:
        f.update(effects(groups))
    if h is not None and count > 1:
        h["epsilonSquared"] = h["statistic"] * (count + 1) / (count * count - 1)
    two = len(groups) == 2 and all(len(group) > 1 for group in groups)
    return {"anova": f, "kruskalWallis": h, **({"pair": pair(*groups)} if two else {})}


def xorshift32(seed):
    state = seed

    def draw(below):
        nonlocal state
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        return int(state / 2**32 * below)

    return draw


def bootstrap(values, seed, level, resamples):
    draw = xorshift32(seed)
    means = numpy.sort([numpy.mean([values[draw(len(values))] for _ in values]) for _ in range(resamples)])
    place = lambda p: means[int(math.floor(p * (resamples - 1) + 0.5))]
    return {"estimate": numpy.mean(values), "low": place((1 - level) / 2), "high": place((1 + level) / 2)}


def tell(kind, what, given, found):
    print(json.dumps(plain({"kind": kind, "what": what, **given, "scipy": found}), allow_nan=False))


def tell_one(what, values, value):
    tell("one", what, {"values": values, "value": value}, one_sample(values, value))


def tell_several(what, groups):
    tell("several", what, {"groups": groups}, several(groups))


def digits(x):
    return float("%.7g" % x)


SHAPES = {
    "normal": lambda r, center, scale: digits(center + scale * r.gauss(0, 1)),
    "uniform": lambda r, center, scale: digits(center + scale * (r.random() - 0.5)),
    "skewed": lambda r, center, scale: digits(center + scale * r.expovariate(1)),
    "rounded": lambda r, center, scale: digits(center + scale * round(2 * r.gauss(0, 1)) / 2),
}


def random_samples():
    r = random.Random(1001)
    for number in range(140):
        shape = list(SHAPES)[number % 4]
        scale = r.choice([1e-6, 0.01, 1, 250])
        center = scale * r.choice([0, 1, -5, 40])
        values = [SHAPES[shape](r, center, scale) for _ in range(r.choice([2, 3, 5, 8, 20, 60]))]
        if len(set(values)) == 1:
            values[0] = digits(values[0] + scale)
        tell_one(f"{shape} {number}", values, digits(center + scale * r.choice([0, 0.2, -1, 3, -20])))
    for number in range(140):
        shape = list(SHAPES)[number % 4]
        scale = r.choice([1e-6, 0.01, 1, 250])
        apart = r.choice([0, 0.3, 1, 4])
        sizes = [r.choice([1, 2, 3, 5, 12, 30]) for _ in range(r.choice([2, 2, 3, 5, 8]))]
        sizes[0] = max(sizes[0], 3)
        groups = [
            [SHAPES[shape](r, scale * apart * place, scale) for _ in range(size)] for place, size in enumerate(sizes)
        ]
        groups[0][0] = digits(groups[0][0] + scale)
        tell_several(f"{shape} {number}", groups)
    for number in range(12):
        values = [digits(r.gauss(3, 2)) for _ in range(r.choice([1, 4, 25]))]
        given = {"values": values, "seed": 77 + number, "level": r.choice([0.8, 0.95, 0.99]), "resamples": 201}
        tell("bootstrap", f"normal {number}", given, bootstrap(**given))


def degenerate_samples():
    nan, inf = math.nan, math.inf
    tell_one("all equal, above the value", [0.5, 0.5, 0.5, 0.5], 0.25)
    tell_one("all equal, below the value", [0.5, 0.5], 3)
    tell_one("all equal to the value", [0.5, 0.5, 0.5], 0.5)
    tell_one("all zero", [0.0, -0.0, 0.0], 0)
    tell_one("mean is the value", [1, 2, 3], 2)
    tell_one("two values", [1, 2], 0)
    tell_one("one of many differs", [0] * 30 + [1], 0)
    tell_one("large", [1e150, 2e150, 4e150], 1e150)
    tell_one("small", [1e-150, 2e-150, 4e-150], 1e-150)
    tell_one("far away", [1, 2, 4, 3, 5, 2.5, 3.5], 1e6)
    tell_one("one value", [1], 0)
    tell_one("NaN", [1, nan, 2], 0)
    tell_one("infinite", [1, inf, 2], 0)
    tell_one("NaN value", [1, 2, 3], nan)
    tell_several("no spread inside", [[1, 1, 1], [2, 2], [4, 4]])
    tell_several("no spread inside one", [[1, 1, 1], [2, 3]])
    tell_several("all equal", [[1, 1], [1, 1]])
    tell_several("a group of one", [[1], [2, 3, 4]])
    tell_several("all tied but one", [[1, 1, 1, 1], [1, 1, 1, 2]])
    tell_several("equal means", [[1, 3], [2, 2], [0, 4]])
    tell_several("zeros of both signs", [[0.0, -0.0, 1], [-0.0, 2]])
    tell_several("many groups", [[place, place + 1.5, place * place] for place in range(25)])
    tell_several("one group", [[1, 2, 3]])
    tell_several("an empty group", [[1, 2, 3], []])
    tell_several("only groups of one", [[1], [2], [3]])
    tell_several("NaN", [[1, 2, nan], [2, 3]])
    tell_several("infinite", [[1, 2, inf], [2, 3]])


print(json.dumps({"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__}))
random_samples()
degenerate_samples()

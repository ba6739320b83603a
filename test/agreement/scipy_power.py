"""What scipy says of the noncentral t distribution and of the power of a one-sample t-test, one JSON object a line.

python3 test/agreement/scipy_power.py > test/agreement/fixtures/scipy_power.jsonl

The smallest effect is where the power, from scipy's noncentral t, is the one asked for (scipy.optimize.brentq).
"""
import json
import random
import warnings

import scipy
from scipy.optimize import brentq
from scipy.stats import nct, t

warnings.simplefilter("ignore")
print(json.dumps({"scipy": scipy.__version__}))

draw = random.Random(20_101)
for _ in range(60):
    df = draw.choice([1, 2, 3, 4, 6, 9, 19, 49, 199])
    at, delta = draw.uniform(-8, 8), draw.uniform(-6, 6)
    below = float(nct.cdf(at, df, delta))
    if below == below and 1e-9 < below < 1 - 1e-9:
        print(json.dumps({"kind": "below", "t": at, "df": df, "delta": delta, "value": below}))


def power(effect, count, level):
    df = count - 1
    critical = t.ppf(1 - level / 2, df)
    delta = effect * count**0.5
    above, below = nct.sf(critical, df, delta), nct.cdf(-critical, df, delta)
    return above + (below if below == below else 0)  # scipy has no number for the smallest tails


for count in (3, 4, 5, 6, 7, 10, 15, 20, 30, 60):
    for level in (0.05, 0.01):
        for wanted in (0.8, 0.95):
            high = 0.1
            while power(high, count, level) < wanted:
                high *= 1.25
            found = brentq(lambda effect: power(effect, count, level) - wanted, high / 1.25, high, xtol=1e-13, rtol=1e-13)
            print(json.dumps({"kind": "effect", "count": count, "level": level, "power": wanted, "value": float(found)}))

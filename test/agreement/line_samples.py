# Growth rates by scipy: drawn distances, the line of least squares through their logarithms, its 95 % interval.
# Run with python3 that has scipy: python3 test/agreement/line_samples.py > test/agreement/fixtures/lines.json
import json
import math
import platform
import random

import scipy
from scipy import stats

r = random.Random(7)
samples = []
for number in range(40):
    count = r.randint(3, 20)
    places = sorted(r.sample(range(1, 700), count))
    noise = r.choice([0.01, 0.3, 3])
    distances = [math.exp(r.gauss(0, noise) + place * 0.01 - 12) for place in places]
    line = stats.linregress(places, [math.log(distance) for distance in distances])
    reach = stats.t.ppf(0.975, count - 2) * line.stderr
    samples.append(
        {
            "places": places,
            "distances": distances,
            "slope": line.slope,
            "standardError": line.stderr,
            "rSquared": line.rvalue**2,
            "interval": [line.slope - reach, line.slope + reach],
        }
    )
print(json.dumps({"python": platform.python_version(), "scipy": scipy.__version__, "samples": samples}, indent=1))

"""Prints the constants of native/core/numerics.h, with the largest error each polynomial leaves.

Run by hand when a polynomial changes: `python3 native/prove/coefficients.py` (needs mpmath). Each polynomial
is fitted at Chebyshev nodes, and its error is measured on a fine grid with the coefficients as
rounded to double, relative to the value of the whole function.
"""
from mpmath import mp, mpf, matrix, lu_solve, cos, sin, pi, exp, log, sqrt, floor, erfc

mp.prec = 400


def rounded(value):
    """The double nearest to value, as an exact mpf and in C's hexadecimal notation."""
    nearest = float(value)
    return mpf(nearest), nearest.hex()


def fit(function, low, high, terms, fixed=()):
    """Coefficients in double: each is rounded in turn, and the later ones are fitted again to what it leaves.

    Each fit is by least squares over Chebyshev nodes; `fixed` gives leading coefficients that are not fitted.
    """
    middle, half, count = (high + low) / 2, (high - low) / 2, 4 * terms
    nodes = [middle + half * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]
    left = [function(node) for node in nodes]
    found = []
    for power in range(terms):
        if power < len(fixed):
            found.append(rounded(fixed[power]))
        else:
            system = matrix(count, terms - power)
            for i, node in enumerate(nodes):
                for j in range(terms - power):
                    system[i, j] = node ** (power + j)
            found.append(rounded(lu_solve(system, matrix(left))[0]))
        left = [rest - found[-1][0] * node ** power for rest, node in zip(left, nodes)]
    return found


def report(name, coefficients, low, high, whole, exact):
    """Prints coefficients and log2 of the largest relative error of whole(x, p(x)) against exact(x)."""
    values = [c for c, _ in coefficients]
    worst = mpf(0)
    for i in range(4001):
        x = low + (high - low) * i / 4000
        if exact(x) == 0:
            continue
        worst = max(worst, abs(whole(x, values) / exact(x) - 1))
    print(f'{name}: relative error 2^{float(log(worst, 2)):.1f}')
    for _, text in coefficients:
        print(f'  {text}')


def horner(x, c):
    total = mpf(0)
    for value in reversed(c):
        total = total * x + value
    return total


# exp(r) = 1 + r + r^2 E(r), |r| <= ln2/2
bound = log(2) / 2 * (1 + mpf(2) ** -20)
tail = lambda r: (exp(r) - 1 - r) / r ** 2
report('exp', fit(tail, -bound, bound, 11, fixed=[0.5]), -bound, bound, lambda r, c: 1 + r + r * r * horner(r, c), exp)
report('expm1', fit(tail, -bound, bound, 11, fixed=[0.5]), -bound, bound, lambda r, c: r + r * r * horner(r, c), lambda r: exp(r) - 1)

# log((1+s)/(1-s)) = 2s + s z L(z), z = s^2, |s| <= (sqrt(2)-1)/(sqrt(2)+1)
bound = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2
tail = lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) - 2) / z
report('log', fit(tail, mpf(0), bound, 8), mpf(2) ** -60, bound, lambda z, c: 2 + z * horner(z, c),
       lambda z: log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z))

# sin(r) = r + r z S(z), cos(r) = 1 - z/2 + z^2 C(z), z = r^2, |r| <= pi/4
bound = (pi / 4 * (1 + mpf(2) ** -20)) ** 2
report('sin', fit(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, mpf(0), bound, 7), mpf(2) ** -60, bound,
       lambda z, c: 1 + z * horner(z, c), lambda z: sin(sqrt(z)) / sqrt(z))
report('cos', fit(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2, mpf(0), bound, 6), mpf(2) ** -60, bound,
       lambda z, c: 1 - z / 2 + z * z * horner(z, c), lambda z: cos(sqrt(z)))


def split(name, value, bits):
    """A head of so many bits, and the double nearest to the rest."""
    scale = mpf(2) ** (bits - 1 - floor(log(value, 2)))
    head = floor(value * scale) / scale
    print(f'{name}: head {float(head).hex()} rest {rounded(value - head)[1]}')


split('ln2', log(2), 40)
split('pi/2', pi / 2, 21)
print('1/ln2', rounded(1 / log(2))[1])
print('sqrt(1/2)', rounded(sqrt(mpf(1) / 2))[1])
words = int(floor(2 / pi * mpf(2) ** 256))
print('2/pi, 32 bits a word:', ', '.join(f'0x{(words >> (224 - 32 * i)) & 0xffffffff:08x}' for i in range(8)))

# The normal distribution's tail is exp(-a^2/2) N(t), t = (a - 4) / (a + 4), 0 <= a <= 14.25
tail = lambda t: erfc(4 * (1 + t) / (1 - t) / sqrt(2)) / 2 * exp((4 * (1 + t) / (1 - t)) ** 2 / 2)
report('normal', fit(tail, mpf(-1), mpf(10.25) / 18.25, 23), mpf(-1), mpf(10.25) / 18.25, lambda t, c: horner(t, c), tail)

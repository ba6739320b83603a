// The float64 judges of the activation functions and their derivatives.

interface Judge {
  value(x: number): number;
  derivative(x: number): number;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const between = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

export const relu = (slope: number, threshold = 0, ceiling = Number.POSITIVE_INFINITY): Judge => ({
  value: (x) => (x < threshold ? slope * (x - threshold) : Math.min(x, ceiling)),
  derivative: (x) => (x >= ceiling ? 0 : x > threshold ? 1 : slope),
});

export const elu = (scale: number, alpha: number): Judge => ({
  value: (x) => (x > 0 ? scale * x : alpha * Math.expm1(x)),
  derivative: (x) => (x > 0 ? scale : alpha * Math.exp(x)),
});

export const softplus: Judge = {
  value: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0),
  derivative: logistic,
};

export const swish: Judge = {
  value: (x) => x * logistic(x),
  derivative: (x) => logistic(x) * (1 + x * (1 - logistic(x))),
};

/** The part of the normal distribution below x, by its series. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 9) return x > 0 ? 1 : 0;
  let [sum, term] = [0, x];
  for (let n = 3; sum + term !== sum; n += 2) {
    sum += term;
    term *= (x * x) / n;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

export const gelu: Judge = {
  value: (x) => x * normalCdf(x),
  derivative: (x) => normalCdf(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
};

const bend = (x: number) => Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));

export const geluTanh: Judge = {
  value: (x) => (x / 2) * (1 + bend(x)),
  derivative: (x) => {
    const slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    return (1 + bend(x)) / 2 + (x / 2) * (1 - bend(x) ** 2) * slope;
  },
};

export const power = (exponent: number): Judge => ({
  value: (x) => x ** exponent,
  derivative: (x) => exponent * x ** (exponent - 1),
});

export const hardSigmoid: Judge = {
  value: (x) => between(x / 6 + 0.5, 0, 1),
  derivative: (x) => (Math.abs(x) < 3 ? 1 / 6 : 0),
};

export const hardSwish: Judge = {
  value: (x) => x * hardSigmoid.value(x),
  derivative: (x) => hardSigmoid.value(x) + x * hardSigmoid.derivative(x),
};

export const clip = (low: number, high: number): Judge => ({
  value: (x) => between(x, low, high),
  derivative: (x) => (x >= low && x <= high ? 1 : 0),
});

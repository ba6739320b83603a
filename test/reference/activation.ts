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

/** Activation functions by name. */
import { isClassConfig, type Json } from '../classes/index.js';
import { wordOption } from '../errors/index.js';
import type { FusedActivation } from '../ops/index.js';
import * as ops from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';

const byName = {
  linear: (x: Tensor) => x,
  elu: (x: Tensor) => ops.elu(x),
  exponential: ops.exp,
  gelu: (x: Tensor) => ops.gelu(x),
  hard_sigmoid: ops.hardSigmoid,
  hard_silu: ops.hardSwish,
  hard_swish: ops.hardSwish,
  leaky_relu: (x: Tensor) => ops.leakyRelu(x),
  log_softmax: (x: Tensor) => ops.logSoftmax(x),
  relu: (x: Tensor) => ops.relu(x),
  relu6: ops.relu6,
  selu: ops.selu,
  sigmoid: ops.sigmoid,
  silu: ops.swish,
  softmax: (x: Tensor) => ops.softmax(x),
  softplus: ops.softplus,
  swish: ops.swish,
  tanh: ops.tanh,
};

/** Functions that a layer may end with, by name. */
export type ActivationName = keyof typeof byName;

export const activationNames = Object.keys(byName) as ActivationName[];

/** The name if it is one of an activation; throws ArgumentError otherwise. */
export function activationOption(who: string, value: ActivationName): ActivationName {
  return wordOption(who, 'activation', value, activationNames);
}

/** The name of an activation in a config, which Keras may write as a function: `{ class_name: 'function', config: 'relu' }`. */
export const readActivation = (value: Json): Json =>
  isClassConfig(value) && value.class_name === 'function' ? (value.config as unknown as Json) : value;

/** The activation of x; `linear` is x itself. */
export function activate(name: ActivationName, x: Tensor): Tensor {
  return byName[name](x);
}

/** Runs an operation with the activation, in its own pass if it can apply it there, otherwise after it. */
export function withActivation(name: ActivationName, operation: (fused: FusedActivation) => Tensor): Tensor {
  const fused = ops.isFusedName(name) && ops.isFusedActivation(name);
  return fused ? operation(name) : activate(name, operation('linear'));
}

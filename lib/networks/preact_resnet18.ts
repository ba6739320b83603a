/** PreActResNet-18 of He et al. (2016), "Identity Mappings", in its common small form for pictures of CIFAR-10. */
import { add, initializers, type Symbolic } from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';
import { classified, convolution as convolved, normalized, relu } from './torch_layers.js';

const name = 'preact_resnet18';
const defaults = { imageSize: 32, channels: 3, classes: 10, minimumSize: 8 };

/** A convolution that begins as PyTorch's Conv2d does. */
const convolution = (x: Symbolic, filters: number, how: { name: string; size: 1 | 3; strides?: number }) =>
  convolved(x, filters, { ...how, initializer: initializers.torchUniform() });

/** Normalization and relu before each of two convolutions of size 3, and what goes past both. */
function block(x: Symbolic, filters: number, strides: number, prefix: string): Symbolic {
  const before = relu(normalized(x, `${prefix}.bn1`), `${prefix}.relu1`);
  const changes = strides !== 1 || x.shape[2] !== filters;
  const past = changes ? convolution(before, filters, { name: `${prefix}.shortcut.0`, size: 1, strides }) : x;
  let y = convolution(before, filters, { name: `${prefix}.conv1`, size: 3, strides });
  y = relu(normalized(y, `${prefix}.bn2`), `${prefix}.relu2`);
  y = convolution(y, filters, { name: `${prefix}.conv2`, size: 3 });
  return add({ name: `${prefix}.add` }).apply([y, past]);
}

/**
 * PreActResNet-18: 11,171,146 trainable parameters at 10 classes and 6,784 moving statistics. Its layers have the names of the modules of
 * the common PyTorch form, so `loadWeights(net, file, { convention: 'pytorch' })` takes a state_dict. Pictures have sides of 8 or more.
 * Throws ArgumentError for an unknown or bad option. Example: `networks.preactResnet18({ width: 0.25 })`.
 */
export function preactResnet18(options: NetworkOptions = {}): Model {
  const plan = planOf(name, defaults, options);
  let x = convolution(plan.x, plan.filters(64), { name: 'conv1', size: 3 });
  for (let group = 0; group < 4; group++) {
    for (let i = 0; i < 2; i++) {
      const strides = group > 0 && i === 0 ? 2 : 1;
      x = block(x, plan.filters(64 * 2 ** group), strides, `layer${group + 1}.${i}`);
    }
  }
  return modelOf(name, plan, classified(x, plan, 'linear'));
}

/** The network in the table. */
export const preactResnet18Definition = defineModel({
  name,
  build: pictureBuild({ name, network: preactResnet18, preprocessing: 'torch' }),
  optimizer: 'sgd:learningRate=0.1,momentum=0.9',
});

/** ResNet-18 of He et al. (2016), with the layers, names and weights of torchvision's. */
import { add, type Symbolic } from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';
import { convolution, normalized, relu, shortcut, torchResidual } from './torch_layers.js';

const name = 'resnet18';
const defaults = { imageSize: 224, channels: 3, classes: 1000, minimumSize: 32 };

/** Two convolutions of size 3, and what goes past them. */
function block(x: Symbolic, filters: number, strides: number, prefix: string): Symbolic {
  let y = convolution(x, filters, { name: `${prefix}.conv1`, size: 3, strides });
  y = relu(normalized(y, `${prefix}.bn1`), `${prefix}.relu1`);
  y = normalized(convolution(y, filters, { name: `${prefix}.conv2`, size: 3 }), `${prefix}.bn2`);
  const past = shortcut(x, filters, strides, prefix);
  return relu(add({ name: `${prefix}.add` }).apply([y, past]), `${prefix}.relu2`);
}

/**
 * ResNet-18 as torchvision has it: 11,689,512 trainable parameters at 1000 classes and 9,600 moving statistics. Its layers have the
 * names of torchvision's modules, so `loadWeights(net, file, { convention: 'pytorch' })` takes a state_dict. Pictures have sides of 32 or
 * more; torchvision's preprocessing is 'torch'. Throws ArgumentError for an unknown or bad option.
 * Example: `networks.resnet18({ classes: 2, imageSize: 64 })`.
 */
export function resnet18(options: NetworkOptions = {}): Model {
  const plan = planOf(name, defaults, options);
  return modelOf(name, plan, torchResidual(plan, block, [2, 2, 2, 2]));
}

/** The network in the table. */
export const resnet18Definition = defineModel({
  name,
  build: pictureBuild({ name, network: resnet18, preprocessing: 'torch' }),
  optimizer: 'sgd:learningRate=0.1,momentum=0.9',
});

/** ResNet-50 of He et al. (2016): as Keras has it, or as torchvision. */
import { wordOption } from '../errors/index.js';
import {
  activation,
  add,
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  maxPooling2d,
  type Symbolic,
  zeroPadding2d,
} from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, type Plan, pictureBuild, planOf } from './options.js';
import * as torch from './torch_layers.js';

const layouts = ['keras', 'torch'] as const;

/** What `resnet50` takes. */
export interface Resnet50Options extends NetworkOptions {
  /**
   * Whose layers and names. 'keras': the first convolution of a block has the strides, convolutions have a bias, epsilon is 1.001e-5,
   * momentum 0.99. 'torch': the convolution of size 3 has the strides, no convolution has a bias, epsilon is 1e-5, momentum 0.9, and the
   * moving variance is the unbiased one. Default 'keras'.
   */
  layout?: (typeof layouts)[number];
}

const name = 'resnet50';
const defaults = { imageSize: 224, channels: 3, classes: 1000, minimumSize: 32 };
const counts = [3, 4, 6, 3];
/** How many times as many channels a block has at its end as inside. */
const expansion = 4;

const normalized = (x: Symbolic, name: string) => batchNormalization({ epsilon: 1.001e-5, name }).apply(x);
const relu = (x: Symbolic, name: string) => activation({ activation: 'relu', name }).apply(x);

/** Keras's block: single places, size 3, single places, and what goes past them. */
function kerasBlock(
  x: Symbolic,
  filters: number,
  { strides, name, first }: { strides: number; name: string; first: boolean },
) {
  const convolution = (y: Symbolic, count: number, i: number, size: number, step = 1) => {
    const layer = conv2d({
      filters: count,
      kernelSize: size,
      strides: step,
      padding: 'same',
      name: `${name}_${i}_conv`,
    });
    return normalized(layer.apply(y), `${name}_${i}_bn`);
  };
  const past = first ? convolution(x, expansion * filters, 0, 1, strides) : x;
  let y = relu(convolution(x, filters, 1, 1, strides), `${name}_1_relu`);
  y = relu(convolution(y, filters, 2, 3), `${name}_2_relu`);
  y = convolution(y, expansion * filters, 3, 1);
  return relu(add({ name: `${name}_add` }).apply([past, y]), `${name}_out`);
}

function keras({ x: pixels, filters, classes, activation: ends }: Plan): Symbolic {
  let x = zeroPadding2d({ padding: 3, name: 'conv1_pad' }).apply(pixels);
  x = conv2d({ filters: filters(64), kernelSize: 7, strides: 2, name: 'conv1_conv' }).apply(x);
  x = zeroPadding2d({ padding: 1, name: 'pool1_pad' }).apply(relu(normalized(x, 'conv1_bn'), 'conv1_relu'));
  x = maxPooling2d({ poolSize: 3, strides: 2, name: 'pool1_pool' }).apply(x);
  for (const [group, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      const how = { strides: group > 0 && i === 0 ? 2 : 1, name: `conv${group + 2}_block${i + 1}`, first: i === 0 };
      x = kerasBlock(x, filters(64 * 2 ** group), how);
    }
  }
  x = globalAveragePooling2d({ name: 'avg_pool' }).apply(x);
  return dense({ units: classes, activation: ends, name: 'predictions' }).apply(x);
}

/** torchvision's block: the same, with the strides in the middle. */
function torchBlock(x: Symbolic, filters: number, strides: number, prefix: string): Symbolic {
  let y = torch.convolution(x, filters, { name: `${prefix}.conv1`, size: 1 });
  y = torch.relu(torch.normalized(y, `${prefix}.bn1`), `${prefix}.relu1`);
  y = torch.convolution(y, filters, { name: `${prefix}.conv2`, size: 3, strides });
  y = torch.relu(torch.normalized(y, `${prefix}.bn2`), `${prefix}.relu2`);
  y = torch.convolution(y, expansion * filters, { name: `${prefix}.conv3`, size: 1 });
  y = torch.normalized(y, `${prefix}.bn3`);
  const past = torch.shortcut(x, expansion * filters, strides, prefix);
  return torch.relu(add({ name: `${prefix}.add` }).apply([y, past]), `${prefix}.relu3`);
}

/**
 * ResNet-50: in Keras's layout 25,583,592 trainable and 53,120 other parameters at 1000 classes, in torchvision's 25,557,032 and 53,120.
 * Pictures have sides of 32 or more; Keras's preprocessing is 'caffe', torchvision's 'torch'. Throws ArgumentError for an unknown or bad
 * option. Example: `networks.resnet50({ layout: 'torch', classes: 2 })`.
 */
export function resnet50({ layout = 'keras', ...options }: Resnet50Options = {}): Model {
  const plan = planOf(name, defaults, options);
  const isTorch = wordOption(name, 'layout', layout, layouts) === 'torch';
  return modelOf(name, plan, isTorch ? torch.torchResidual(plan, torchBlock, counts) : keras(plan));
}

/** The network in the table. */
export const resnet50Definition = defineModel({
  name,
  build: (data) => {
    const preprocessing = data.options['layout'] === 'torch' ? 'torch' : 'caffe';
    return pictureBuild({ name, network: resnet50, preprocessing, own: ['layout'] })(data);
  },
  optimizer: 'sgd:learningRate=0.1,momentum=0.9',
});

// What the test of defaults knows of each layer: how it is made, what else its options can be, and what differs from Keras
// on purpose.

import { layers } from '../../lib/index.js';

export const inputs = { picture: [8, 7, 4], features: [6] };

interface Kind {
  layer: (options: never) => layers.Layer;
  /** What has no default. */
  given?: Record<string, unknown>;
  /** Default: a picture. */
  shape?: readonly number[];
  /** Takes two inputs. */
  joins?: boolean;
}

/** The layers by the names of Keras. */
export const kinds: Record<string, Kind> = {
  Activation: { layer: layers.activation, given: { activation: 'relu' } },
  Add: { layer: layers.add, joins: true },
  Average: { layer: layers.average, joins: true },
  AveragePooling2D: { layer: layers.averagePooling2d },
  BatchNormalization: { layer: layers.batchNormalization },
  CenterCrop: { layer: layers.centerCrop, given: { height: 4, width: 3 } },
  Concatenate: { layer: layers.concatenate, joins: true },
  Conv2D: { layer: layers.conv2d, given: { filters: 2, kernelSize: 3 } },
  Conv2DTranspose: { layer: layers.conv2dTranspose, given: { filters: 2, kernelSize: 3 } },
  Cropping2D: { layer: layers.cropping2d },
  Dense: { layer: layers.dense, given: { units: 2 }, shape: inputs.features },
  DepthwiseConv2D: { layer: layers.depthwiseConv2d, given: { kernelSize: 3 } },
  Dropout: { layer: layers.dropout, given: { rate: 0.5 } },
  ELU: { layer: layers.elu },
  Flatten: { layer: layers.flatten },
  GaussianDropout: { layer: layers.gaussianDropout, given: { rate: 0.5 } },
  GaussianNoise: { layer: layers.gaussianNoise, given: { stddev: 0.5 } },
  GlobalAveragePooling2D: { layer: layers.globalAveragePooling2d },
  GlobalMaxPooling2D: { layer: layers.globalMaxPooling2d },
  GroupNormalization: { layer: layers.groupNormalization, shape: [8, 7, 64] },
  LayerNormalization: { layer: layers.layerNormalization },
  LeakyReLU: { layer: layers.leakyReLU },
  MaxPooling2D: { layer: layers.maxPooling2d },
  Maximum: { layer: layers.maximum, joins: true },
  Minimum: { layer: layers.minimum, joins: true },
  Multiply: { layer: layers.multiply, joins: true },
  Normalization: { layer: layers.normalization },
  PReLU: { layer: layers.prelu },
  Permute: { layer: layers.permute, given: { dims: [3, 1, 2] } },
  RandomContrast: { layer: layers.randomContrast, given: { factor: 0.5 } },
  RandomCrop: { layer: layers.randomCrop, given: { height: 4, width: 3 } },
  RandomFlip: { layer: layers.randomFlip },
  RandomRotation: { layer: layers.randomRotation, given: { factor: 0.1 } },
  RandomTranslation: { layer: layers.randomTranslation, given: { heightFactor: 0.3, widthFactor: 0.2 } },
  RandomZoom: { layer: layers.randomZoom, given: { heightFactor: 0.1 } },
  ReLU: { layer: layers.reLU },
  Rescaling: { layer: layers.rescaling, given: { scale: 2 } },
  Reshape: { layer: layers.reshape, given: { targetShape: [4, 56] } },
  Resizing: { layer: layers.resizing, given: { height: 4, width: 3 } },
  SeparableConv2D: { layer: layers.separableConv2d, given: { filters: 2, kernelSize: 3 } },
  Softmax: { layer: layers.softmax },
  SpatialDropout2D: { layer: layers.spatialDropout2d, given: { rate: 0.5 } },
  Subtract: { layer: layers.subtract, joins: true },
  UnitNormalization: { layer: layers.unitNormalization },
  UpSampling2D: { layer: layers.upSampling2d },
  ZeroPadding2D: { layer: layers.zeroPadding2d },
};

/** Options of ours that are not those of Keras, and why. */
export const ours: Record<string, string> = {
  'AveragePooling2D.ceilMode': "PyTorch's ceil_mode; false is what Keras does",
  'AveragePooling2D.countPadding': "PyTorch's count_include_pad; false is what Keras does",
  'MaxPooling2D.ceilMode': "PyTorch's ceil_mode; false is what Keras does",
  'MaxPooling2D.dilationRate': "PyTorch's dilation; 1 is what Keras does",
  'SpatialDropout2D.trainable': "every layer here has it; Keras's class does not take it, and our config leaves it out",
  'BatchNormalization.movingVariance':
    'Keras 3 has the biased one alone, our default; the fused kernel of TensorFlow the other',
  'RMSprop.epsilonPlace': 'Keras 3 has it inside the root alone, our default; TensorFlow 2.0 to 2.10 had it outside',
  'SGD.velocityOf': 'Keras adds steps up, our default; PyTorch adds gradients up',
  'Adam.epsilonForm': 'Keras adds it to the root, our default; PyTorch to the corrected root',
  'AdamW.epsilonForm': 'as of Adam',
  'AdamW.weightDecayForm': 'Keras has the decoupled one, our default',
  'Adagrad.epsilonPlace': 'Keras adds it inside the root, our default; PyTorch outside',
  'AveragePooling2D.poolSize': 'Keras requires it; ours is 2 as that of MaxPooling2D, so that both are called alike',
};

/** Options of Keras that we do not have: what Keras does when nobody names them is what we always do. */
export const fixedByUs: Record<string, { value: unknown; because: string }> = {
  antialias: { value: false, because: 'pictures are resized as tf.image.resize does unless told' },
  axis: { value: -1, because: 'channels and classes are the last axis' },
  clipnorm: { value: null, because: 'gradients are taken as they are unless it is asked for' },
  clipvalue: { value: null, because: 'gradients are taken as they are unless it is asked for' },
  crop_to_aspect_ratio: { value: false, because: 'centerCrop before resizing does it' },
  data_format: { value: 'channels_last', because: 'pictures are [n, h, w, c] everywhere' },
  ema_momentum: { value: 0.99, because: 'only read with use_ema' },
  ema_overwrite_frequency: { value: null, because: 'only read with use_ema' },
  fill_mode: { value: 'constant', because: 'only read with pad_to_aspect_ratio, where an option does not say it' },
  fill_value: { value: 0, because: 'only read with pad_to_aspect_ratio, where an option does not say it' },
  global_clipnorm: { value: null, because: 'gradients are taken as they are unless it is asked for' },
  gradient_accumulation_steps: { value: null, because: 'every batch is a step' },
  input_axes: { value: null, because: 'fans are counted from the last two axes' },
  label_smoothing: { value: 0, because: 'targets are taken as they are' },
  loss_scale_factor: { value: null, because: 'float32 needs no scaling' },
  noise_shape: { value: null, because: 'every value is dropped by itself' },
  output_axes: { value: null, because: 'fans are counted from the last two axes' },
  pad_to_aspect_ratio: { value: false, because: 'zeroPadding2d before resizing does it' },
  quantization_config: { value: null, because: 'weights are float32' },
  reduction: { value: 'sum_over_batch_size', because: 'a loss is the mean over the batch' },
  renorm: { value: false, because: 'statistics are those of the batch' },
  renorm_clipping: { value: null, because: 'only read with renorm' },
  renorm_momentum: { value: 0.99, because: 'only read with renorm' },
  rms_scaling: { value: false, because: 'Keras itself advises against it' },
  synchronized: { value: false, because: 'a batch lies on one device' },
  use_ema: { value: false, because: 'weights are those of the last step' },
  weight_decay: { value: null, because: 'weights do not decay unless it is asked for' },
};

/** Keras's value as our options spell it; undefined where it stands for nothing given. */
export function inOurs(name: string, value: unknown): unknown {
  if (value === null) return undefined;
  if (name.endsWith('_initializer')) return `${String(value)[0]!.toLowerCase()}${String(value).slice(1)}`;
  return value;
}

/** Another value of each option. */
const changes: Record<string, Record<string, unknown>> = {
  alpha: { alpha: 0.5 },
  alpha_initializer: { alphaInitializer: 'ones' },
  axis: { axis: 1 },
  cropping: { cropping: [1, 0] },
  max_value: { maxValue: 0.5 },
  negative_slope: { negativeSlope: 0.125 },
  output_padding: { outputPadding: 1 },
  shared_axes: { sharedAxes: [1, 2] },
  size: { size: [1, 3] },
  threshold: { threshold: 0.25 },
  'BatchNormalization.axis': { axis: 3 },
  'LayerNormalization.axis': { axis: [-2, -1] },
  'UpSampling2D.interpolation': { interpolation: 'bilinear' },
  'ZeroPadding2D.padding': { padding: [0, 2] },
  activation: { activation: 'tanh' },
  beta_initializer: { betaInitializer: 'ones' },
  bias_initializer: { biasInitializer: 'ones' },
  center: { center: false },
  depth_multiplier: { depthMultiplier: 2 },
  depthwise_initializer: { depthwiseInitializer: 'heUniform' },
  dilation_rate: { dilationRate: [2, 1] },
  epsilon: { epsilon: 0.01 },
  fill_mode: { fillMode: 'constant' },
  fill_value: { fillValue: 1 },
  gamma_initializer: { gammaInitializer: 'zeros' },
  groups: { groups: 2 },
  interpolation: { interpolation: 'nearest' },
  invert: { invert: true },
  keepdims: { keepdims: true },
  kernel_initializer: { kernelInitializer: 'heUniform' },
  mean: { mean: 0.5, variance: 1 },
  mode: { mode: 'horizontal' },
  momentum: { momentum: 0.5 },
  moving_mean_initializer: { movingMeanInitializer: 'ones' },
  moving_variance_initializer: { movingVarianceInitializer: 'zeros' },
  name: { name: 'another' },
  offset: { offset: 1 },
  padding: { padding: 'same' },
  pointwise_initializer: { pointwiseInitializer: 'heUniform' },
  pool_size: { poolSize: [2, 3] },
  scale: { scale: false },
  seed: { seed: 9 },
  strides: { strides: [1, 2] },
  trainable: { trainable: false },
  use_bias: { useBias: false },
  variance: { mean: 0, variance: 2 },
  value_range: { valueRange: [0, 0.5] },
  width_factor: { widthFactor: 0.3 },
};

const weighted = [
  ...['BatchNormalization', 'Conv2D', 'Conv2DTranspose', 'Dense', 'DepthwiseConv2D', 'GroupNormalization'],
  ...['LayerNormalization', 'PReLU', 'SeparableConv2D'],
];
const withoutWeights = new Set(Object.keys(kinds).filter((name) => !weighted.includes(name)));

/** What has to be given for an option to matter. */
const besides: Record<string, object> = {
  fill_value: { fillMode: 'constant' },
  invert: { mean: 0.5, variance: 2 },
  output_padding: { strides: 2 },
};

/** How a weight can be punished or held. */
function held(name: string): object {
  const option = name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
  return { [option]: name.endsWith('_regularizer') ? 'l2' : 'unitNorm' };
}

/** How else an option of a layer can be, what has to be given beside it to matter, and why nothing changes at all. */
export function others(kerasName: string, name: string): { change: object; beside: object; unseen?: string } {
  const change = changes[`${kerasName}.${name}`] ?? changes[name] ?? held(name);
  const beside = besides[name] ?? {};
  if (name === 'trainable' && withoutWeights.has(kerasName)) return { change, beside, unseen: 'nothing to train' };
  if (kerasName === 'BatchNormalization' && name === 'axis')
    return { change, beside, unseen: 'it can only be the last' };
  if (name === 'keepdims') return { change, beside, unseen: 'the flatten behind it gives the same row' };
  return { change, beside };
}

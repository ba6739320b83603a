/** The operations: one file and one line each. */
export { clip, elu, gelu, hardSigmoid, hardSwish, leakyRelu, relu6, selu, softplus, swish } from './activation.js';
export { type AdadeltaSettings, type AdadeltaSlots, adadeltaUpdate } from './adadelta.js';
export { type AdagradSettings, adagradUpdate } from './adagrad.js';
export { type AdamSettings, type AdamSlots, adamUpdate, type EpsilonForm } from './adam.js';
export { type AdamaxSettings, type AdamaxSlots, adamaxUpdate } from './adamax.js';
export { add } from './add.js';
export { averagePool2d } from './average_pool2d.js';
export {
  type BatchNormOptions,
  type BatchNormParameters,
  type BatchNormStatistics,
  batchNorm,
  batchNormMoving,
  batchNormStatistics,
} from './batch_norm.js';
export { divide, maximum, minimum, pow, subtract } from './binary.js';
export { type BinaryCrossentropyOptions, binaryCrossentropy } from './binary_crossentropy.js';
export { broadcastShape, broadcastTo } from './broadcast.js';
export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical_crossentropy.js';
export { type Clip, clipByGlobalNorm, clipByNorm, clipByValue } from './clip_gradient.js';
export { type ConcatenateOptions, concatenate } from './concatenate.js';
export { type Conv2dOptions, conv2d } from './conv2d.js';
export { type Conv2dTransposeOptions, conv2dTranspose, planConv2dTranspose } from './conv2d_transpose.js';
export { type CustomOptions, custom } from './custom.js';
export { type DenseOptions, dense } from './dense.js';
export { type DepthwiseConv2dOptions, depthwiseConv2d } from './depthwise_conv2d.js';
export { type DropoutSettings, dropout } from './dropout.js';
export { type ArgmaxOptions, argmax, argmin, max, min } from './extremes.js';
export { flatten } from './flatten.js';
export { type FusedActivation, isFusedActivation, isFusedName, type NormActivation } from './fused.js';
export { type GatherOptions, gather } from './gather.js';
export { gradients } from './gradients.js';
export {
  type FillMode,
  fillModes,
  flipMatrices,
  type ImageTransformOptions,
  type Interpolation,
  imageTransform,
  interpolations,
  rotationMatrices,
  type TransformDraw,
  zoomMatrices,
} from './image_transform.js';
export { type L2NormalizeOptions, l2Normalize } from './l2_normalize.js';
export { type MatmulOptions, matmul } from './matmul.js';
export { maxPool2d } from './max_pool2d.js';
export { multiply } from './multiply.js';
export { type NadamSettings, type NadamSlots, nadamUpdate } from './nadam.js';
export {
  type GroupNormOptions,
  groupNorm,
  type LayerNormOptions,
  layerNorm,
  type NormParameters,
} from './normalize.js';
export { type Intervention, interveneInKernels, type KernelObserver, observeKernels } from './observe.js';
export { type OneHotOptions, oneHot } from './one_hot.js';
export type { StepSettings, WeightDecayForm } from './optimizer_step.js';
export { type PadMode, type PadOptions, pad, padModes } from './pad.js';
export { type AveragePool2dOptions, type MaxPool2dOptions, type Pool2dOptions, poolWindow } from './pool.js';
export { randomNormal, randomUniform } from './random.js';
export { copyInto } from './rearrange.js';
export { mean, type ReduceOptions, sum } from './reduce.js';
export { type ReluOptions, relu, reluSettings } from './relu.js';
export { type RescalingOptions, rescaling, toFloat } from './rescaling.js';
export { reshape } from './reshape.js';
export { type PictureSize, resizeBilinear, resizeBytes } from './resize_bilinear.js';
export { type EpsilonPlace, type RmspropSettings, type RmspropSlots, rmspropUpdate } from './rmsprop.js';
export { type SeparableConv2dOptions, separableConv2d } from './separable_conv2d.js';
export { type SgdSettings, sgdUpdate, type VelocityOf } from './sgd.js';
export { sigmoid } from './sigmoid.js';
export { type ReverseOptions, reverse, type SliceOptions, slice } from './slice.js';
export { logSoftmax, softmax } from './softmax.js';
export { type TransposeOptions, transpose } from './transpose.js';
export { abs, exp, log, negate, sqrt, square, tanh } from './unary.js';
export { type UpSampling2dOptions, upSampling2d } from './up_sampling2d.js';
export { type Padding, type Pair, pairOf, resolveWindow } from './window.js';

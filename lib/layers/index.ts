/** The layers, simplest first, and what they are made of. */

export { Activation, type ActivationOptions, activation } from './activation.js';
export type { ActivationName } from './activations.js';
export { type AveragePooling2dOptions, averagePooling2d } from './average_pooling2d.js';
export { type BatchNormalizationOptions, batchNormalization, type MovingVariance } from './batch_normalization.js';
export {
  type Borders,
  type Cropping2dOptions,
  cropping2d,
  type ZeroPadding2dOptions,
  zeroPadding2d,
} from './borders.js';
export { type ConcatenateOptions, concatenate } from './concatenate.js';
export type { Constraint, ConstraintOption } from './constraints.js';
export * as constraints from './constraints.js';
export { type Conv2dOptions, conv2d } from './conv2d.js';
export { type Conv2dTransposeOptions, conv2dTranspose } from './conv2d_transpose.js';
export { type CenterCropOptions, centerCrop, type RandomCropOptions, randomCrop } from './crops.js';
export { type DenseOptions, dense } from './dense.js';
export { type DepthwiseConv2dOptions, depthwiseConv2d } from './depthwise_conv2d.js';
export { type DropoutOptions, dropout } from './dropout.js';
export { type EluOptions, elu } from './elu.js';
export { flatten } from './flatten.js';
export { globalAveragePooling2d } from './global_average_pooling2d.js';
export { globalMaxPooling2d } from './global_max_pooling2d.js';
export type { GlobalPooling2dOptions } from './global_pooling2d.js';
export { type GroupNormalizationOptions, groupNormalization } from './group_normalization.js';
export type { Initializer, InitializerOption, SeedOption } from './initializers.js';
export * as initializers from './initializers.js';
export { InputLayer, type InputOptions, input } from './input.js';
export {
  type CallContext,
  Layer,
  type LayerOptions,
  layerMaker,
  single,
  singleOfRank,
} from './layer.js';
export { type LayerNormalizationOptions, layerNormalization } from './layer_normalization.js';
export { type LeakyReluOptions, leakyReLU } from './leaky_relu.js';
export { type MaxPooling2dOptions, maxPooling2d } from './max_pooling2d.js';
export { add, average, maximum, minimum, multiply, subtract } from './merge.js';
export {
  type GaussianNoiseOptions,
  gaussianDropout,
  gaussianNoise,
  type NoiseRateOptions,
  spatialDropout2d,
} from './noise.js';
export type { AxisOption, NormOptions } from './norm.js';
export { type NormalizationLayer, type NormalizationOptions, normalization, type PerPlace } from './normalization.js';
export { type PermuteOptions, permute } from './permute.js';
export type { Pooling2dOptions } from './pooling2d.js';
export { type PreluOptions, prelu } from './prelu.js';
export { type RandomContrastOptions, randomContrast } from './random_contrast.js';
export { type RandomFlipOptions, randomFlip } from './random_flip.js';
export { type RandomRotationOptions, randomRotation } from './random_rotation.js';
export { type RandomTranslationOptions, randomTranslation } from './random_translation.js';
export { type RandomZoomOptions, randomZoom } from './random_zoom.js';
export type { Regularizer, RegularizerOption } from './regularizers.js';
export * as regularizers from './regularizers.js';
export { type ReluLayerOptions, reLU } from './relu.js';
export { type RescalingLayerOptions, rescaling } from './rescaling.js';
export { type ReshapeOptions, reshape } from './reshape.js';
export { type ResizingOptions, resizing } from './resizing.js';
export type { RuleOptions } from './rules.js';
export { type SeparableConv2dOptions, separableConv2d } from './separable_conv2d.js';
export { softmax } from './softmax.js';
export { Symbolic } from './symbolic.js';
export { type UnitNormalizationOptions, unitNormalization } from './unit_normalization.js';
export { type UpSampling2dOptions, upSampling2d } from './up_sampling2d.js';
export type { NamedWeight, Weight } from './weight.js';

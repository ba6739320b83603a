/** Networks of the papers as users make them: `networks.inceptionV3({ classes: 2 })`. */
export { inceptionV3 } from './inception_v3.js';
export { kerasConvnet } from './keras_convnet.js';
export { type Lenet5Options, lenet5 } from './lenet5.js';
export { miniXception, miniXceptionConv } from './mini_xception.js';
export { type MobilenetOptions, mobilenet } from './mobilenet.js';
export { mobilenetV2 } from './mobilenet_v2.js';
export type { NetworkOptions } from './options.js';
export { preactResnet18 } from './preact_resnet18.js';
export { type Preprocessing, preprocess } from './preprocessing.js';
export { resnet18 } from './resnet18.js';
export { type Resnet50Options, resnet50 } from './resnet50.js';
export { type UnetOptions, unet } from './unet.js';
export { xception } from './xception.js';

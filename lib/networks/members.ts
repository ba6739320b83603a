/** The networks that can be asked for by name; a line here makes one known to every command. */
export { inceptionV3Definition } from './inception_v3.js';
export { kerasConvnetDefinition } from './keras_convnet.js';
export { lenet5Definition } from './lenet5.js';
export { miniXceptionConvDefinition, miniXceptionDefinition } from './mini_xception.js';
export { mobilenetDefinition } from './mobilenet.js';
export { mobilenetV2Definition } from './mobilenet_v2.js';
export { preactResnet18Definition } from './preact_resnet18.js';
export { resnet18Definition } from './resnet18.js';
export { resnet50Definition } from './resnet50.js';
export { unetDefinition } from './unet.js';
export { xceptionDefinition } from './xception.js';

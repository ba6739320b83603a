/** The networks that can be asked for by name; a line here makes one known to every command. */
export { kerasConvnetDefinition } from './keras_convnet.js';
export { miniXceptionConvDefinition, miniXceptionDefinition } from './mini_xception.js';

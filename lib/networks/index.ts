/** The networks that can be asked for by name: one file each, listed in members.ts. */
export { type KerasConvnetOptions, kerasConvnet } from './keras_convnet.js';
export { type MiniXceptionOptions, miniXception, miniXceptionConv } from './mini_xception.js';
export * as networks from './public.js';
export { modelNamed, models } from './table.js';

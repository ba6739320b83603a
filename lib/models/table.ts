/** The models that can be asked for by name. */
import { ArgumentError, show } from '../errors/index.js';
import type { LossOption } from '../losses/index.js';
import { type Optimizer, rmsprop } from '../optimizers/index.js';
import { kerasConvnet, kerasConvnetSize } from './keras_convnet.js';
import { miniXception, miniXceptionConv, miniXceptionSize } from './mini_xception.js';
import type { Model } from './model.js';

/** What a model is built for: square pictures of this side, this many classes, and augmentation unless it is false. */
export interface BuildOptions {
  imageSize: number;
  classes: number;
  augmentation?: boolean;
}

/** A model by name: the smallest picture it takes, how it is made, and what it learns by. */
export interface ModelEntry {
  minimumImageSize: number;
  build(options: BuildOptions): Model;
  loss(classes: number): LossOption;
  optimizer(): Optimizer;
}

const byClasses = (classes: number): LossOption => (classes === 2 ? 'binaryCrossentropy' : 'categoricalCrossentropy');

/** The default rmsprop of the papers' TensorFlow, 2.0 to 2.10 (docs/paper.md, Forms). */
const optimizer = () => rmsprop({ epsilonPlace: 'outside' });

/** Side of the largest pictures a training takes, in pixels. */
export const largestImageSize = 4096;

/** The models, simplest first. */
export const models: Readonly<Record<string, ModelEntry>> = {
  keras_convnet: { minimumImageSize: kerasConvnetSize, build: kerasConvnet, loss: byClasses, optimizer },
  mini_xception: { minimumImageSize: miniXceptionSize, build: miniXception, loss: byClasses, optimizer },
  mini_xception_conv: { minimumImageSize: miniXceptionSize, build: miniXceptionConv, loss: byClasses, optimizer },
};

/** The entry of a model. Throws ArgumentError for an unknown name or a picture that is too small or too large. */
export function modelEntry(who: string, name: string, imageSize: number): ModelEntry {
  const entry = Object.hasOwn(models, name) ? models[name] : undefined;
  if (entry === undefined) {
    const expected = `model to be one of ${Object.keys(models).map(show).join(', ')}`;
    throw new ArgumentError({ who, expected, got: show(name) });
  }
  const { minimumImageSize } = entry;
  if (Number.isSafeInteger(imageSize) && imageSize > largestImageSize) {
    throw new ArgumentError({ who, expected: `imageSize to be at most ${largestImageSize}`, got: show(imageSize) });
  }
  if (Number.isSafeInteger(imageSize) && imageSize >= minimumImageSize) return entry;
  const hint = `image size too small for the network ${name}`;
  throw new ArgumentError({
    who,
    expected: `imageSize to be an integer >= ${minimumImageSize}`,
    got: show(imageSize),
    hint,
  });
}

/** What the networks of Leventi-Peetz and Oestreich (2022) have in common: their options, their last layer, and how they learn. */
import { ArgumentError, checkOptions, flagOption, integerOption, show } from '../errors/index.js';
import type { DenseOptions } from '../layers/index.js';
import type { BuildOptions, Model, ModelDefinition } from '../models/index.js';
import { type Optimizer, rmsprop } from '../optimizers/index.js';
import { pictureShape } from './options.js';

export interface PaperNetworkOptions {
  /** Side of the square pictures, or `[height, width]`. Default 180. */
  imageSize?: number | readonly [height: number, width: number];
  /** Default 3. */
  channels?: number;
  /** Default 2, which makes one output; more make an output each. */
  classes?: number;
  /** Whether several classes may apply to one picture, which makes an output for each class. Default false. */
  several?: boolean;
  /** Whether training begins with random flips, rotations and zooms. Default true. */
  augmentation?: boolean;
}

/** The options, checked: shape of the pictures, last layer, augmentation. Throws ArgumentError. */
export function paperOptions(who: string, minimumSize: number, options: PaperNetworkOptions) {
  checkOptions(who, options, ['imageSize', 'channels', 'classes', 'several', 'augmentation']);
  const { imageSize = 180, channels = 3, classes = 2, several = false, augmentation = true } = options;
  const sides = Array.isArray(imageSize) ? imageSize : [imageSize, imageSize];
  for (const side of sides) integerOption(who, 'imageSize', side, minimumSize);
  integerOption(who, 'channels', channels, 1);
  integerOption(who, 'classes', classes, 2);
  const one = classes === 2 && !flagOption(who, 'several', several);
  const head: DenseOptions = one
    ? { units: 1, activation: 'sigmoid' }
    : { units: classes, activation: several ? 'sigmoid' : 'softmax' };
  return { shape: [...sides, channels], head, augmentation: flagOption(who, 'augmentation', augmentation) };
}

/** How the table builds such a network: for pictures of any shape, with one class each or several. */
export function paperNetwork(
  who: string,
  network: (options: PaperNetworkOptions) => Model,
  own: readonly string[] = [],
) {
  const build: ModelDefinition['build'] = ({ sampleShape, classes, targetKind, options }: BuildOptions) => {
    const [height, width, channels] = pictureShape(who, sampleShape);
    if (targetKind !== 'class' && targetKind !== 'several') {
      throw new ArgumentError({ who, expected: "targets of the kind 'class' or 'several'", got: show(targetKind) });
    }
    checkOptions(who, options, ['augmentation', ...own]);
    return network({ ...options, imageSize: [height, width], channels, classes, several: targetKind === 'several' });
  };
  return build;
}

/** The default rmsprop of the papers' TensorFlow, 2.0 to 2.10 (docs/papers/leventi-peetz-oestreich-2022.md, Forms). */
export const paperOptimizer = (): Optimizer => rmsprop({ epsilonPlace: 'outside' });

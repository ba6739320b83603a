/** What the networks known by name have in common: their options, how wide they are, and how the table builds them. */
import { ArgumentError, checkOptions, flagOption, integerOption, numberOption, show } from '../errors/index.js';
import type { ActivationName, Symbolic } from '../layers/index.js';
import { type BuildOptions, type Model, type ModelDefinition, model } from '../models/index.js';
import { type Preprocessing, preprocessedInput, preprocessingOption } from './preprocessing.js';

/** What every network here takes. */
export interface NetworkOptions {
  /** Side of the square pictures, or `[height, width]`. Default: that of the network's paper. */
  imageSize?: number | readonly [height: number, width: number];
  /** Default 3, of `lenet5` and `unet` 1. */
  channels?: number;
  /** How many classes there are. Default: as many as in the network's paper. */
  classes?: number;
  /** Whether several classes may apply to one picture: each output ends with a sigmoid then, and no softmax. Default false. */
  several?: boolean;
  /** How many filters every layer has, as a multiple of those in the paper, rounded down. Default 1. */
  width?: number;
  /** What is done with pictures of values from 0 to 255 first; see `preprocess`. Default 'none': it was done. */
  preprocessing?: Preprocessing;
}

const optionNames = ['imageSize', 'channels', 'classes', 'several', 'width', 'preprocessing'] as const;

/** What a network is by itself. */
export interface Defaults {
  imageSize: number;
  channels: number;
  classes: number;
  /** Side of the smallest pictures that it can read. */
  minimumSize: number;
}

/** Options, checked, in the form in which networks use them. */
export interface Plan {
  inputs: Symbolic;
  /** The inputs as the first layer of the paper gets them. */
  x: Symbolic;
  sides: readonly [number, number];
  classes: number;
  /** What makes probabilities of the last layer. */
  activation: ActivationName;
  width: number;
  /** As many filters as a layer has that has `count` in the paper. */
  filters(count: number): number;
}

/** The options of a network, checked, and where it begins; `own` are the names of its further options. Throws ArgumentError. */
export function planOf(who: string, defaults: Defaults, options: NetworkOptions, own: readonly string[] = []): Plan {
  checkOptions(who, options, [...optionNames, ...own]);
  const { imageSize = defaults.imageSize, channels = defaults.channels, classes = defaults.classes } = options;
  const { several = false, width = 1, preprocessing = 'none' } = options;
  const [height, breadth] = typeof imageSize === 'object' ? imageSize : [imageSize, imageSize];
  for (const side of [height, breadth]) integerOption(who, 'imageSize', side, defaults.minimumSize);
  integerOption(who, 'channels', channels, 1);
  integerOption(who, 'classes', classes, 2);
  numberOption(who, 'width', width, 'a number > 0', (x) => x > 0);
  const activation = flagOption(who, 'several', several) ? 'sigmoid' : 'softmax';
  const mode = preprocessingOption(who, preprocessing, channels);
  const { inputs, x } = preprocessedInput([height, breadth, channels], mode);
  const filters = (count: number) => Math.max(1, Math.floor(count * width));
  return { inputs, x, sides: [height, breadth], classes, activation, width, filters };
}

/** The model from where a plan begins to its last layer. */
export const modelOf = (name: string, { inputs }: Plan, outputs: Symbolic): Model => model({ inputs, outputs, name });

/** How the table builds a network. */
export interface Named {
  name: string;
  network(options: NetworkOptions): Model;
  /** What is done first with pictures of three channels; those of another number become values from 0 to 1. */
  preprocessing: Preprocessing;
  /** Names of options of its own. */
  own?: readonly string[];
  /** Kinds of targets that it learns. Default those of whole pictures. */
  kinds?: readonly BuildOptions['targetKind'][];
}

/** How the table builds a network: for pictures [height, width, channels] of values from 0 to 255. */
export function pictureBuild({ name, network, own = [], ...told }: Named): ModelDefinition['build'] {
  const { preprocessing: usual, kinds = ['class', 'several'] } = told;
  return ({ sampleShape, classes, targetKind, options }) => {
    const [height, width, channels] = pictureShape(name, sampleShape);
    if (!kinds.includes(targetKind)) {
      const expected = `targets of the kind ${kinds.map(show).join(' or ')}`;
      throw new ArgumentError({ who: name, expected, got: show(targetKind) });
    }
    checkOptions(name, options, ['width', 'preprocessing', ...own]);
    const preprocessing = channels === 3 ? usual : 'unit';
    const several = targetKind === 'several' ? { several: true } : {};
    return network({ preprocessing, ...options, imageSize: [height, width], channels, classes, ...several });
  };
}

/** The shape of a picture. Throws ArgumentError, in the words of `who`, for that of another sample. */
export function pictureShape(who: string, sampleShape: BuildOptions['sampleShape']): readonly [number, number, number] {
  const [height, width, channels, ...others] = sampleShape;
  if (height === undefined || width === undefined || channels === undefined || others.length > 0) {
    const got = show([...sampleShape]);
    throw new ArgumentError({ who, expected: 'samples [height, width, channels]', got });
  }
  return [height, width, channels];
}

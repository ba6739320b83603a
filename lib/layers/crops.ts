/** crops: a part of each picture in another size, from its middle (center_crop) or, in training, from a random place (random_crop). */
import { integerOption, seedOption } from '../errors/index.js';
import { resizeBilinear, slice } from '../ops/index.js';
import { streams, Words } from '../random/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { layerSpec } from './spec.js';

/** What `centerCrop` takes. */
export interface CenterCropOptions extends LayerOptions {
  /** Rows of the output. */
  height: number;
  /** Columns of the output. */
  width: number;
}

/** What `randomCrop` takes. */
export interface RandomCropOptions extends CenterCropOptions {
  /** Default: the run's seed. */
  seed?: number;
}

type Size = readonly [height: number, width: number];

const part = (x: Tensor, [top, left]: Size, [height, width]: Size): Tensor =>
  slice(x, { start: [0, top, left, 0], shape: [x.shape[0]!, height, width, x.shape[3]!] });

/** The largest part in the middle that has the proportions of `size`, brought to that size; the part itself where it is inside. */
function middle(x: Tensor, size: Size): Tensor {
  const [h, w] = x.shape.slice(1, 3) as [number, number];
  const [height, width] = size;
  if (h >= height && w >= width) return part(x, [Math.floor((h - height) / 2), Math.floor((w - width) / 2)], size);
  const within = (most: number, length: number) => Math.max(Math.min(most, Math.floor(length)), 1);
  const [rows, columns] = [within(h, (w * height) / width), within(w, (h * width) / height)];
  const window = part(x, [Math.floor((h - rows) / 2), Math.floor((w - columns) / 2)], [rows, columns]);
  return resizeBilinear(window, size);
}

/** A layer whose output has `height` rows and `width` columns. */
abstract class Crop extends Layer {
  protected abstract override readonly settings: Required<Pick<CenterCropOptions, 'height' | 'width'>>;

  protected get size(): Size {
    return [this.settings.height, this.settings.width];
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return [...this.size, singleOfRank(this, inputs, 3, 'h, w, channels')[2]!];
  }
}

const sizeOption = (who: string, { height, width }: CenterCropOptions) => ({
  height: integerOption(who, 'height', height, 1),
  width: integerOption(who, 'width', width, 1),
});

class CenterCrop extends Crop {
  readonly kind = 'center_crop';
  readonly kerasName = 'CenterCrop';
  static readonly spec = layerSpec('CenterCrop', ['height', 'width'], { fixed: { data_format: 'channels_last' } });
  protected override readonly settings;

  constructor(options: CenterCropOptions) {
    super('centerCrop', options, CenterCrop.spec);
    this.settings = sizeOption('centerCrop', options);
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return middle(single(this, inputs), this.size);
  }
}

class RandomCrop extends Crop {
  readonly kind = 'random_crop';
  readonly kerasName = 'RandomCrop';
  static readonly spec = layerSpec('RandomCrop', ['height', 'width', 'seed'], {
    fixed: { data_format: 'channels_last' },
  });
  protected override readonly settings;

  constructor(options: RandomCropOptions) {
    super('randomCrop', options, RandomCrop.spec);
    const { seed } = options;
    this.settings = {
      ...sizeOption('randomCrop', options),
      seed: seed === undefined ? undefined : seedOption('randomCrop', 'seed', seed),
    };
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(this, inputs);
    const { height, width, seed } = this.settings;
    const [rows, columns] = [x.shape[1]! - height + 1, x.shape[2]! - width + 1];
    if (!context.training || rows < 1 || columns < 1) return middle(x, this.size);
    const words = new Words(this.sequence(streams.augmentation, seed, context));
    const top = words.below(rows);
    return part(x, [top, words.below(columns)], this.size);
  }
}

/**
 * The middle of pictures, [h, w, c] to [height, width, c]: `centerCrop({ height: 28, width: 28 })`. Of smaller pictures it is the largest
 * part of these proportions, resized (bilinear). Throws ArgumentError unless both are integers >= 1.
 */
export const centerCrop = layerMaker(CenterCrop);

/**
 * Pictures cut in training at a random place, the same for the whole batch, [h, w, c] to [height, width, c]:
 * `randomCrop({ height: 28, width: 28, seed: 1 })`. Otherwise, and for smaller pictures, it is `centerCrop`. Throws ArgumentError
 * unless both are integers >= 1.
 */
export const randomCrop = layerMaker(RandomCrop);

/** borders: what is put around pictures (zero_padding2d) or cut off them (cropping2d). */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import { pad, slice } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { layerSpec } from './spec.js';

/** Rows above and below, columns left and right: one number for all, one for rows and one for columns, or all four in pairs. */
export type Borders =
  | number
  | readonly [number, number]
  | readonly [readonly [number, number], readonly [number, number]];

type Widths = readonly [readonly [number, number], readonly [number, number]];

/** All four. Throws ArgumentError unless they are integers >= 0. */
function bordersOption(who: string, name: string, value: Borders): Widths {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const widths: unknown[][] = pair.map((side) => (Array.isArray(side) ? side : [side, side]));
  const whole = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  if (widths.length === 2 && widths.every((side) => side.length === 2 && side.every(whole))) {
    return widths as unknown as Widths;
  }
  const expected = `${name} to be an integer >= 0, two, or [[top, bottom], [left, right]]`;
  throw new ArgumentError({ who, expected, got: show(value) });
}

/** What `zeroPadding2d` takes. */
export interface ZeroPadding2dOptions extends LayerOptions {
  /** Rows and columns of zeros. Default 1. */
  padding?: Borders;
}

class ZeroPadding2d extends Layer {
  readonly kind = 'zero_padding2d';
  readonly kerasName = 'ZeroPadding2D';
  static readonly spec = layerSpec('ZeroPadding2D', ['padding'], { fixed: { data_format: 'channels_last' } });
  protected override readonly settings: { readonly padding: Widths };

  constructor(options: ZeroPadding2dOptions = {}) {
    super('zeroPadding2d', options, ZeroPadding2d.spec);
    this.settings = { padding: bordersOption('zeroPadding2d', 'padding', options.padding ?? 1) };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const [[top, bottom], [left, right]] = this.settings.padding;
    return [top + h! + bottom, left + w! + right, channels!];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const [rows, columns] = this.settings.padding;
    return pad(single(this, inputs), { padWidth: [[0, 0], rows, columns, [0, 0]] });
  }
}

/** Zeros around pictures, [h, w, c]: `zeroPadding2d({ padding: [[0, 1], [0, 1]] })`. Throws ArgumentError for bad numbers. */
export const zeroPadding2d = layerMaker(ZeroPadding2d);

/** What `cropping2d` takes. */
export interface Cropping2dOptions extends LayerOptions {
  /** Rows and columns that are left out. Default 0. */
  cropping?: Borders;
}

class Cropping2d extends Layer {
  readonly kind = 'cropping2d';
  readonly kerasName = 'Cropping2D';
  static readonly spec = layerSpec('Cropping2D', ['cropping'], { fixed: { data_format: 'channels_last' } });
  protected override readonly settings: { readonly cropping: Widths };

  constructor(options: Cropping2dOptions = {}) {
    super('cropping2d', options, Cropping2d.spec);
    this.settings = { cropping: bordersOption('cropping2d', 'cropping', options.cropping ?? 0) };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const [[top, bottom], [left, right]] = this.settings.cropping;
    const lengths = [h! - top - bottom, w! - left - right];
    if (lengths.every((length) => length >= 1)) return [...lengths, channels!];
    const expected = `input of at least [${top + bottom + 1}, ${left + right + 1}, *]`;
    throw new ShapeError({ who: this.name, expected, got: show([h, w, channels]) });
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const x = single(this, inputs);
    const [[top], [left]] = this.settings.cropping;
    const shape = [x.shape[0]!, ...this.computeOutputShape([x.shape.slice(1)])];
    return slice(x, { start: [0, top, left, 0], shape });
  }
}

/**
 * Pictures without some rows and columns at their borders: `cropping2d({ cropping: 2 })`. Throws ArgumentError for bad numbers;
 * applied to an input of which nothing would be left, ShapeError.
 */
export const cropping2d = layerMaker(Cropping2d);

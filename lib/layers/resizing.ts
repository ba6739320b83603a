/** resizing: pictures in another size, whatever their own. */
import { integerOption, wordOption } from '../errors/index.js';
import { broadcastTo, concatenate, type Interpolation, interpolations, resizeBilinear, slice } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `resizing` takes. */
export interface ResizingOptions extends LayerOptions {
  /** Rows of the output. */
  height: number;
  /** Columns of the output. */
  width: number;
  /** 'bilinear' reads between pixels, without antialiasing; 'nearest' takes one pixel each. Default 'bilinear'. */
  interpolation?: Interpolation;
}

/** The place of the input that each of `size` places takes, computed in float as TensorFlow does. */
function nearestPlaces(length: number, size: number): number[] {
  const scale = Math.fround(length / size);
  return Array.from({ length: size }, (_, i) => Math.min(Math.floor(Math.fround((i + 0.5) * scale)), length - 1));
}

/** Places as runs of a constant step, as long as they get. */
function runsOf(places: readonly number[]): { first: number; step: number; count: number }[] {
  const runs: { first: number; step: number; count: number }[] = [];
  for (const place of places) {
    const run = runs.at(-1);
    if (run !== undefined && (run.count === 1 || place === run.first + run.count * run.step)) {
      if (run.count === 1) run.step = place - run.first;
      run.count++;
    } else {
      runs.push({ first: place, step: 1, count: 1 });
    }
  }
  return runs;
}

function nearestAlong(x: Tensor, axis: number, size: number): Tensor {
  const parts = runsOf(nearestPlaces(x.shape[axis]!, size)).map(({ first, step, count }) => {
    const start = x.shape.map((_, a) => (a === axis ? first : 0));
    if (step === 0) return broadcastTo(slice(x, { start, shape: x.shape.with(axis, 1) }), x.shape.with(axis, count));
    const strides = x.shape.map((_, a) => (a === axis ? step : 1));
    return slice(x, { start, shape: x.shape.with(axis, count), strides });
  });
  return concatenate(parts, { axis });
}

class Resizing extends Layer {
  readonly kind = 'resizing';
  readonly kerasName = 'Resizing';
  static readonly spec = layerSpec('Resizing', ['height', 'width', 'interpolation'], {
    fixed: {
      ...{ crop_to_aspect_ratio: false, pad_to_aspect_ratio: false, antialias: false },
      ...{ fill_mode: 'constant', fill_value: 0, data_format: 'channels_last' },
    },
  });
  protected override readonly settings: Checked<ResizingOptions>;

  constructor(options: ResizingOptions) {
    super('resizing', options, Resizing.spec);
    const { height, width, interpolation = 'bilinear' } = options;
    this.settings = {
      height: integerOption('resizing', 'height', height, 1),
      width: integerOption('resizing', 'width', width, 1),
      interpolation: wordOption('resizing', 'interpolation', interpolation, interpolations),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const channels = singleOfRank(this, inputs, 3, 'h, w, channels')[2]!;
    return [this.settings.height, this.settings.width, channels];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const x = single(this, inputs);
    const { height, width, interpolation } = this.settings;
    if (interpolation === 'bilinear') return resizeBilinear(x, [height, width]);
    return nearestAlong(nearestAlong(x, 1, height), 2, width);
  }
}

/**
 * Pictures in another size, [h, w, c] to [height, width, c], in training and otherwise: `resizing({ height: 64, width: 64 })`. Throws
 * ArgumentError unless both are integers >= 1, and for an interpolation other than 'bilinear' and 'nearest'.
 */
export const resizing = layerMaker(Resizing);

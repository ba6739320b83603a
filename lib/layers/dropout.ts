/** dropout: in training, sets a share of the values to zero and scales the others up. */
import { numberOption, seedOption } from '../errors/index.js';
import { dropout as dropValues } from '../ops/index.js';
import { streams } from '../random/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { layerSpec } from './spec.js';

/** What `dropout` takes. */
export interface DropoutOptions extends LayerOptions {
  /** Share of values to drop, in [0, 1). */
  rate: number;
  /** Default: the run's seed. */
  seed?: number;
}

class Dropout extends Layer {
  readonly kind = 'dropout';
  readonly kerasName = 'Dropout';
  static readonly spec = layerSpec('Dropout', ['rate', 'seed'], { fixed: { noise_shape: null } });
  protected override readonly settings: { readonly rate: number; readonly seed: number | undefined };

  constructor(options: DropoutOptions) {
    super('dropout', options, Dropout.spec);
    const { rate, seed } = options;
    this.settings = {
      rate: numberOption('dropout', 'rate', rate, 'in [0, 1)', (x) => x >= 0 && x < 1),
      seed: seed === undefined ? undefined : seedOption('dropout', 'seed', seed),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(this, inputs);
    const { rate, seed } = this.settings;
    if (!context.training || rate === 0) return x;
    return dropValues(x, { rate, ...this.sequence(streams.dropout, seed, context) });
  }
}

/**
 * Drops values in training steps and does nothing otherwise: `dropout({ rate: 0.5, seed: 7001 })`.
 * Throws ArgumentError for a rate outside [0, 1).
 */
export const dropout = layerMaker(Dropout);

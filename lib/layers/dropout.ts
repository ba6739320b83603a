/** dropout: in training, sets a share of the values to zero and scales the others up. */
import { numberOption, seedOption } from '../errors/index.js';
import { dropout as dropValues } from '../ops/index.js';
import { streams } from '../random/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type CallContext, Layer, type LayerOptions, single } from './layer.js';

export interface DropoutOptions extends LayerOptions {
  /** Share of values to drop, in [0, 1). */
  rate: number;
  /** Default: the run's seed. */
  seed?: number;
}

class Dropout extends Layer {
  readonly kind = 'dropout';
  readonly kerasName = 'Dropout';
  readonly #rate: number;
  readonly #seed: number | undefined;

  constructor({ rate, seed, ...options }: DropoutOptions) {
    super('dropout', options, ['rate', 'seed']);
    this.#rate = numberOption('dropout', 'rate', rate, 'in [0, 1)', (x) => x >= 0 && x < 1);
    this.#seed = seed === undefined ? undefined : seedOption('dropout', 'seed', seed);
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(this, inputs);
    if (!context.training || this.#rate === 0) return x;
    return dropValues(x, { rate: this.#rate, ...this.sequence(streams.dropout, this.#seed, context) });
  }
}

/**
 * Drops values in training steps and does nothing otherwise: `dropout({ rate: 0.5, seed: 7001 })`.
 * Throws ArgumentError for a rate outside [0, 1).
 */
export function dropout(options: DropoutOptions): Layer {
  return new Dropout(options);
}

/** elu: the exponential linear unit as a layer. */
import { numberOption } from '../errors/index.js';
import { elu as eluOf } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { type LayerOptions, layerMaker } from './layer.js';
import { Pointwise } from './pointwise.js';
import { type Checked, layerSpec } from './spec.js';

/** What `elu` takes. */
export interface EluOptions extends LayerOptions {
  /** What is reached far below zero, negated. Default 1. */
  alpha?: number;
}

class Elu extends Pointwise {
  readonly kind = 'elu';
  readonly kerasName = 'ELU';
  static readonly spec = layerSpec('ELU', ['alpha']);
  protected override readonly settings: Checked<EluOptions>;

  constructor(options: EluOptions = {}) {
    super('elu', options, Elu.spec);
    this.settings = { alpha: numberOption('elu', 'alpha', options.alpha ?? 1) };
  }

  protected override of(x: Tensor): Tensor {
    return eluOf(x, this.settings);
  }
}

/** x where x > 0, otherwise alpha * (e^x - 1): `elu({ alpha: 0.5 })`. Throws ArgumentError for a bad alpha. */
export const elu = layerMaker(Elu);

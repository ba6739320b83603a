/** unit_normalization: vectors of each sample divided by their length. */
import { l2Normalize } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type LayerOptions, layerMaker, single } from './layer.js';
import { type AxisOption, axesOf, axisListOption } from './norm.js';
import { Pointwise } from './pointwise.js';
import { type Checked, layerSpec } from './spec.js';

/** What `unitNormalization` takes. */
export interface UnitNormalizationOptions extends LayerOptions {
  /** The axes whose values are one vector; 0 is the batch, negative ones count from the end. Default -1. */
  axis?: AxisOption;
}

class UnitNormalization extends Pointwise {
  readonly kind = 'unit_normalization';
  readonly kerasName = 'UnitNormalization';
  static readonly spec = layerSpec('UnitNormalization', ['axis']);
  protected override readonly settings: Checked<UnitNormalizationOptions>;

  constructor(options: UnitNormalizationOptions = {}) {
    super('unit_normalization', options, UnitNormalization.spec);
    this.settings = { axis: axisListOption('unit_normalization', options.axis ?? -1) };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = single(this, inputs);
    axesOf(this.name, shape, this.settings.axis);
    return shape;
  }

  protected override of(x: Tensor): Tensor {
    return l2Normalize(x, { axes: axesOf(this.name, x.shape.slice(1), this.settings.axis) });
  }
}

/**
 * Divides vectors by their length, at least 1e-12: `unitNormalization({ axis: [1, 2] })`. Throws ArgumentError for a bad axis; applied to an
 * input without it, too. The gradient of a vector of zeros is finite, where Keras gives NaN.
 */
export const unitNormalization = layerMaker(UnitNormalization);

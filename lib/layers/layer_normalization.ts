/** layer_normalization: some axes to mean 0 and variance 1 at every place of the others, then a learned scale and shift (Ba et al. 2016). */
import { layerNorm } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { layerMaker, single } from './layer.js';
import { type AxisOption, axesOf, axisListOption, checkedNorm, Norm, type NormOptions, normOptions } from './norm.js';
import { type Checked, layerSpec } from './spec.js';

/** What `layerNormalization` takes. */
export interface LayerNormalizationOptions extends NormOptions {
  /** The axes that are normalised together; 0 is the batch, which none of them is, negative ones count from the end. Default -1. */
  axis?: AxisOption;
}

const who = 'layer_normalization';
class LayerNormalization extends Norm {
  readonly kind = 'layer_normalization';
  readonly kerasName = 'LayerNormalization';
  static readonly spec = layerSpec('LayerNormalization', ['axis', ...normOptions], {
    fixed: { rms_scaling: false },
  });
  protected override readonly settings: Checked<LayerNormalizationOptions>;

  constructor(options: LayerNormalizationOptions = {}) {
    super(who, options, LayerNormalization.spec);
    this.settings = { axis: axisListOption(who, options.axis ?? -1), ...checkedNorm(who, options) };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = single(this, inputs);
    axesOf(this.name, shape, this.settings.axis);
    return shape;
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const shape = single(this, inputs);
    this.addParameters(axesOf(this.name, shape, this.settings.axis).map((axis) => shape[axis - 1]!));
  }

  protected override of(x: Tensor): Tensor {
    const { axis, epsilon } = this.settings;
    return layerNorm(x, this.parameters, { axes: axesOf(this.name, x.shape.slice(1), axis), epsilon });
  }
}

/**
 * Normalises these axes at every place of the others, in training and otherwise: `layerNormalization({ axis: [-2, -1] })`. gamma and
 * beta have the shape of these axes. Throws ArgumentError for bad options; applied to an input without such axes, too.
 */
export const layerNormalization = layerMaker(LayerNormalization);

/** prelu: relu with a learned slope below zero (He et al. 2015). */
import { ArgumentError, show } from '../errors/index.js';
import { multiply, negate, relu, subtract } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import { type LayerOptions, layerMaker, single } from './layer.js';
import { Pointwise } from './pointwise.js';
import { type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import { type Checked, layerSpec } from './spec.js';

/** What `prelu` takes. */
export interface PreluOptions extends LayerOptions, RuleOptions<'alpha'> {
  /** The first slopes. Default 'zeros'. */
  alphaInitializer?: InitializerOption;
  /** Axes along which the slope is one and the same, counted from 1 as the batch is 0. Default null: none. */
  sharedAxes?: readonly number[] | null;
}

class Prelu extends Pointwise {
  readonly kind = 'p_re_lu';
  readonly kerasName = 'PReLU';
  static readonly spec = layerSpec('PReLU', ['alphaInitializer', ...ruleNames('alpha'), 'sharedAxes']);
  protected override readonly settings: Checked<PreluOptions>;

  constructor(options: PreluOptions = {}) {
    super('prelu', options, Prelu.spec);
    const { alphaInitializer = 'zeros', sharedAxes = null } = options;
    const whole = (axis: unknown) => Number.isSafeInteger(axis) && (axis as number) >= 1;
    if (sharedAxes !== null && !(Array.isArray(sharedAxes) && sharedAxes.every(whole))) {
      const expected = 'sharedAxes to be null or a list of integers >= 1';
      throw new ArgumentError({ who: 'prelu', expected, got: show(sharedAxes) });
    }
    this.settings = {
      ...rulesOption('prelu', options, 'alpha'),
      alphaInitializer: initializerOption('prelu', 'alphaInitializer', alphaInitializer),
      sharedAxes,
    };
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const { alphaInitializer, sharedAxes } = this.settings;
    const shape = single(this, inputs);
    const outside = sharedAxes?.find((axis) => axis > shape.length);
    if (outside !== undefined) {
      const expected = `sharedAxes from 1 to ${shape.length}`;
      throw new ArgumentError({ who: this.name, expected, got: `${outside}` });
    }
    const lengths = shape.map((length, i) => (sharedAxes?.includes(i + 1) ? 1 : length));
    this.addWeight('alpha', lengths, alphaInitializer, rulesOf(this.settings, 'alpha'));
  }

  protected override of(x: Tensor): Tensor {
    return subtract(relu(x), multiply(this.weights[0]!.tensor, relu(negate(x))));
  }
}

/**
 * relu(x) - alpha * relu(-x) with a learned alpha for every place of a sample: `prelu({ sharedAxes: [1, 2] })` has one for each
 * channel. Throws ArgumentError for bad options.
 */
export const prelu = layerMaker(Prelu);

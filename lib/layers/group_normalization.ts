/** group_normalization: groups of channels of each sample to mean 0 and variance 1, then a learned scale and shift (Wu and He 2018). */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import { groupNorm } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { layerMaker, single } from './layer.js';
import { checkedNorm, Norm, type NormOptions, normOptions } from './norm.js';
import { type Checked, layerSpec } from './spec.js';

/** What `groupNormalization` takes. */
export interface GroupNormalizationOptions extends NormOptions {
  /** In how many groups of neighbours the channels are cut; it divides their number. -1: one for each channel. Default 32. */
  groups?: number;
}

const who = 'group_normalization';
class GroupNormalization extends Norm {
  readonly kind = 'group_normalization';
  readonly kerasName = 'GroupNormalization';
  static readonly spec = layerSpec('GroupNormalization', ['groups', ...normOptions], {
    fixed: { axis: -1 },
  });
  protected override readonly settings: Checked<GroupNormalizationOptions>;

  constructor(options: GroupNormalizationOptions = {}) {
    super(who, options, GroupNormalization.spec);
    const { groups = 32 } = options;
    if (!Number.isSafeInteger(groups) || (groups < 1 && groups !== -1)) {
      throw new ArgumentError({ who, expected: 'groups to be an integer >= 1 or -1', got: show(groups) });
    }
    this.settings = { groups, ...checkedNorm(who, options) };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = single(this, inputs);
    const channels = shape.at(-1);
    if (channels === undefined) {
      throw new ShapeError({ who: this.name, expected: 'input [..., c] beside the batch', got: show([...shape]) });
    }
    if (channels % this.#groups(channels) === 0) return shape;
    const expected = `groups to divide ${channels} channels`;
    throw new ArgumentError({ who: this.name, expected, got: `${this.settings.groups}` });
  }

  #groups(channels: number): number {
    return this.settings.groups === -1 ? channels : this.settings.groups;
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    this.addParameters([single(this, inputs).at(-1)!]);
  }

  protected override of(x: Tensor): Tensor {
    const groups = this.#groups(x.shape.at(-1)!);
    return groupNorm(x, this.parameters, { groups, epsilon: this.settings.epsilon });
  }
}

/**
 * Normalises each sample's groups of channels over all their places, in training and otherwise: `groupNormalization({ groups: 8 })`.
 * gamma and beta have a value for each channel. Throws ArgumentError for bad options and, applied to an input, where groups do not
 * divide its channels; ShapeError for an input without channels.
 */
export const groupNormalization = layerMaker(GroupNormalization);

/** What a loss is. */
import type { Configurable, Meant } from '../classes/index.js';
import type { Shape, Tensor } from '../tensor/index.js';

/** What a loss is told of the outputs it is to judge. */
export interface OutputForm {
  /** Shape of one output, without the batch axis. */
  readonly shape: Shape;
  /** The activation that makes it: `sigmoid`, `softmax`, ... or `linear`. */
  readonly activation: string;
}

/**
 * Compares predictions with targets, both with a batch axis first; targets have the shape of predictions, or their `targetShape`. One that a config is to hold has
 * `className` and `getConfig`, too.
 */
export interface Loss extends Partial<Configurable> {
  readonly name: string;
  /** Its options, as receipts keep them. */
  readonly settings?: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  /** The mean over the batch, as a scalar; differentiable by `prediction`. */
  compute(prediction: Tensor, target: Tensor): Tensor;
  /** Takes the place of `compute` where the output is made by this activation: it starts from what goes into that. */
  readonly behind?: { readonly activation: 'sigmoid' | 'softmax'; compute(logits: Tensor, target: Tensor): Tensor };
  /** Shape of one target for outputs of this shape, where that is another one: of numbers of classes. */
  targetShape?(output: Shape): Shape;
  /** Whether the samples of a batch are judged together, so that none has a loss of its own to weigh. Default false. */
  readonly ofBatch?: boolean;
  /** Throws ArgumentError, in the words of `who`, for outputs it cannot judge. */
  checkOutput?(who: string, output: OutputForm): void;
  /** Throws DataError, in the words of `who`, for targets it cannot learn from: all of them, one sample after the other; `shape` is that of one output. */
  checkTargets?(who: string, targets: ArrayLike<number>, shape: Shape): void;
}

/** A loss, words such as `binaryCrossentropy:clipped=true`, or a config. */
export type LossOption = Meant<Loss>;

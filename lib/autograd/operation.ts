/** What an operation records of itself: its gradient, and what the plan of memory has to know (plan.ts). */
import type { NativeSettings } from '../addon/index.js';
import { ArgumentError } from '../errors/index.js';
import type { Shape, Tensor } from '../tensor/index.js';

/** An elided buffer: a float32 tensor that one call of a fused row writes and later ones read. It never needs memory. */
export class ElidedBuffer {
  constructor(readonly shape: Shape) {}
}

/** One call of a kernel: its tensors in the order of its contract, null where not given. */
export interface KernelCall {
  kernel: string;
  tensors: readonly (Tensor | ElidedBuffer | null)[];
  settings: NativeSettings;
}

/** The gradient of an activation whose result tells it: a kernel of the result and its gradient. */
export interface AppliedActivation {
  kernel: string;
  settings: NativeSettings;
}

/** Whether its gradient is that of relu: dy, or 0 where the result is 0. */
export const isRelu = (activation: AppliedActivation | null | undefined): boolean =>
  activation?.kernel === 'relu.inputGradient';

/** What the plan allows one gradient, beside reading what was saved for it. */
export interface BackwardContext {
  /** Whether nobody else reads dy, so that a gradient may be written over it and given back in its place. */
  mayOverwrite: boolean;
  /**
   * Hands over the gradient of an input as far as it was gathered, null where there is none. The operation adds it to its own,
   * taken + gradient, and disposes it.
   */
  take(input: number): Tensor | null;
  /**
   * What the next call of a fused row reads for a tensor of `rematerialises`: the tensor itself, or, where it was freed, an elided
   * buffer. The call that computes it again is then appended to the row.
   */
  rematerialise(tensor: Tensor, row: KernelCall[]): Tensor | ElidedBuffer;
}

/**
 * From the gradient of the output to the gradients of the inputs, in their order; null where `wanted` is false. Inputs at the
 * end may be left out.
 */
export type Backward = (dy: Tensor, wanted: readonly boolean[], context: BackwardContext) => readonly (Tensor | null)[];

/** An operation that was computed. Only name, inputs, output and backward have to be given. */
export interface Operation {
  /** Named in errors. */
  name: string;
  /** Every tensor that it was given, whether it has a gradient or not; null for one that was left out. */
  inputs: readonly (Tensor | null)[];
  output: Tensor;
  backward: Backward;
  /** Those of inputs and output whose values `backward` reads. Default: all. */
  reads?: readonly (Tensor | null)[];
  /** Those of `reads` that it reads through `context.rematerialise` alone. Default: none. */
  rematerialises?: readonly Tensor[];
  /** Tensors that the operation made for `backward` alone, which are freed after it. Default: none. */
  saves?: readonly (Tensor | null)[];
  /**
   * The call that computed the output, where a fused row can repeat it. Beside the output it names only tensors of `reads` that
   * are not rematerialised themselves.
   */
  recompute?: KernelCall;
  /**
   * The activation that was applied to the output in the same pass; null for none. `backward` gets the gradient of what went into
   * it, for which the walk reads the output. Default: null.
   */
  activation?: AppliedActivation | null;
  /** Whether the gradients that it gives its inputs are masked already: 0 where relu made the input 0. */
  masks?: boolean;
}

/** The tensors whose values the gradient of an operation reads. */
export function readsOf({ reads, inputs, output }: Operation): readonly (Tensor | null)[] {
  return reads ?? [...inputs, output];
}

/** Throws ArgumentError for a record that names a tensor where it may not, or whose output is an input or `isKnown`. */
export function checkOperation(operation: Operation, isKnown: (tensor: Tensor) => boolean): void {
  const { name, inputs, output, rematerialises = [], recompute } = operation;
  const reads = readsOf(operation);
  const refuse = (expected: string, got = 'another tensor'): never => {
    throw new ArgumentError({ who: name, expected, got });
  };
  if (inputs.includes(output) || isKnown(output)) refuse('output to be a new tensor', 'one that is known');
  if (!reads.every((one) => one === output || inputs.includes(one))) refuse('reads to name inputs or output');
  if (!rematerialises.every((one) => reads.includes(one))) refuse('rematerialises to name tensors of reads');
  const others = recompute?.tensors.filter((one) => one !== output && one !== null) ?? [];
  const stays = (one: unknown) => reads.includes(one as Tensor) && !rematerialises.includes(one as Tensor);
  if (!others.every(stays)) refuse('recompute to name the output and tensors that stay for backward');
}

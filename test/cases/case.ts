/**
 * The shape of a table of cases. One table per operation drives the conformance suite, the comparison with the second
 * implementation of the contract, the gradient checks, the golden hashes and the benches.
 */
import type { Tensor } from '../../lib/index.js';

/** The version of the contract that the `golden` digests of the case files belong to. */
export const goldenContract = 2;

/** Values in float64, as the judges take and give them. */
export interface Values {
  shape: readonly number[];
  data: Float64Array;
}

/** Values in float32, as the second implementation of the contract takes and gives them. */
export interface Floats {
  shape: readonly number[];
  data: Float32Array;
}

/**
 * How values are drawn: 'normal'; 'uniform' in [-1, 1); 'ties' few distinct values, so that many are equal; 'positive' in
 * [0.1, 4.1); 'probabilities' in [0.02, 0.98); 'saturated' probabilities of which some are exactly 0 or 1; 'labels' one 1
 * in each row of the last axis, the rest 0 (a last axis of 1 is 0 or 1).
 */
export type Draw = 'normal' | 'uniform' | 'ties' | 'positive' | 'probabilities' | 'saturated' | 'labels';

export interface CaseInput {
  name: string;
  shape: readonly number[];
  /** How values are drawn. Default 'normal'. */
  draw?: Draw;
}

export interface OperationCase<Settings> {
  name: string;
  inputs: readonly CaseInput[];
  settings: Settings;
  /** Also run by the benches: a size that matters in a network. Such cases are not run by the tests. */
  bench?: boolean;
}

/** The blocks of mini Xception at 180 x 180: side of the pictures, channels that come in, and channels that leave. */
export const miniXceptionBlocks = [
  { side: 176, from: 32, to: 32 },
  { side: 88, from: 32, to: 64 },
  { side: 44, from: 64, to: 128 },
  { side: 22, from: 128, to: 256 },
  { side: 11, from: 256, to: 512 },
] as const;

/** What its separable convolutions and normalizations read, 32 samples: each shape once. */
export const miniXceptionInputs = miniXceptionBlocks.flatMap(({ side, from, to }) =>
  [...new Set([from, to])].map((channels) => [32, side, side, channels]),
);

export interface OperationTable<Settings> {
  /** The operation's id, as in native/ops/ops.inc. */
  op: string;
  /** The operation as a user calls it. */
  run(inputs: readonly Tensor[], settings: Settings): Tensor;
  /** The float64 judge, slow and obvious. */
  judge(inputs: readonly Values[], settings: Settings): Values;
  /** The judge's gradients, one per input, null where there is none; without it, differences of `judge` decide. */
  judgeGradients?(inputs: readonly Values[], dy: Values, settings: Settings): (Values | null)[];
  /** The second implementation of the contract, which the native bits must equal. */
  contract?: {
    forward(inputs: readonly Floats[], settings: Settings): Floats;
    gradients?(inputs: readonly Floats[], y: Floats, dy: Floats, settings: Settings): (Floats | null)[];
  };
  /** Which inputs carry the samples along axis 0, when a sample's result depends on no other sample. */
  batched?: readonly boolean[];
  /** Which inputs have a gradient. */
  differentiable: readonly boolean[];
  /** Largest allowed difference from the judge, relative to the largest magnitude of the result. */
  tolerance: number;
  /** Largest sum of the magnitudes that one value of the result adds up, where these may cancel to far less. */
  summands?(inputs: readonly Values[], settings: Settings): number;
  /** The same of each gradient, where these may cancel more than a gradient does otherwise. */
  gradientSummands?(inputs: readonly Values[], dy: Values, settings: Settings): number[];
  /**
   * Whether every value of the result and of each gradient is a sum of products of values (behind an activation, if any): the judge's
   * of all magnitudes is then what one adds up where they cancel.
   */
  sumsOfProducts?: boolean;
  /** Floating-point operations of one forward call, for the benches. */
  flops?(inputs: readonly CaseInput[], settings: Settings): number;
  cases: readonly OperationCase<Settings>[];
}

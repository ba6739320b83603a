/**
 * The shape of a table of cases. One table per operation drives the conformance suite, the comparison with the second
 * implementation of the contract, the gradient checks, the golden hashes and the benches.
 */
import type { Tensor } from '../../lib/index.js';

/** Values in float64, as the judges take and give them. */
export interface Values {
  shape: readonly number[];
  data: Float64Array;
}

export interface CaseInput {
  name: string;
  shape: readonly number[];
  /** How values are drawn. Default 'normal'. */
  draw?: 'normal' | 'uniform' | 'ties' | 'probabilities' | 'labels';
}

export interface OperationCase<Settings> {
  name: string;
  inputs: readonly CaseInput[];
  settings: Settings;
  /** Also run by the benches: a size that matters in a network. Such cases are not run by the tests. */
  bench?: boolean;
}

export interface OperationTable<Settings> {
  /** The operation's id, as in native/ops/ops.inc. */
  op: string;
  /** The operation as a user calls it. */
  run(inputs: readonly Tensor[], settings: Settings): Tensor;
  /** The float64 judge, slow and obvious. */
  judge(inputs: readonly Values[], settings: Settings): Values;
  /** Which inputs have a gradient. */
  differentiable: readonly boolean[];
  /** Largest allowed difference from the judge, relative to the largest magnitude of the result. */
  tolerance: number;
  /** Floating-point operations of one forward call, for the benches. */
  flops?(inputs: readonly CaseInput[], settings: Settings): number;
  cases: readonly OperationCase<Settings>[];
}

/** Where two results part, from the records that differ: the tensor and, where its values were kept, the element. */
import { FileError, show } from '../errors/index.js';
import { sameShape } from '../tensor/index.js';
import {
  keptValues,
  type OpRecord,
  type StepRecord,
  type StoredTensor,
  type Trace,
  tensorHash,
  treeOf,
  type ValuesRecord,
} from '../trace/index.js';
import { type ElementDifference, firstElement } from './element.js';
import { type RunEvidence, stateValues } from './evidence.js';

/** Where two results part. */
export interface Difference {
  /** Epoch from 1; 0 is the state before the first step. Null for files of tensors. */
  epoch: number | null;
  /** Step in the epoch, from 1; null where only states were compared. */
  step: number | null;
  /** Operation in the step, from 1; null unless both runs trace operations. */
  operation: { number: number; kernel: string } | null;
  of: 'state' | 'loss' | 'gradients' | 'weights' | 'input' | 'output' | 'kernel' | 'tensors';
  tensor: string | null;
  /** How many tensors of this record differ, of how many. */
  tensors: { differing: number; all: number };
  /** First element that differs; null where the values were not kept. */
  element: ElementDifference | null;
  /** The first saved state that differs and has values, where `element` is null. */
  saved: { epoch: number; element: ElementDifference } | null;
}

const differing = (a: readonly string[], b: readonly string[]) => ({
  differing: a.filter((leaf, i) => leaf !== b[i]).length,
  all: a.length,
});

const firstLeaf = (a: readonly string[], b: readonly string[]) => a.findIndex((leaf, i) => leaf !== b[i]);

/** The first element of two tensors, if both sides have them. */
const elementOf = (a: StoredTensor | undefined, b: StoredTensor | undefined): ElementDifference | null =>
  (a && b && a.dtype === b.dtype && sameShape(a.shape, b.shape) && firstElement(a, b)) || null;

/** The difference of two states. */
export function stateDifference(a: RunEvidence, b: RunEvidence, epoch: number): Difference {
  const [left, right] = [a.states[epoch]!.leaves, b.states[epoch]!.leaves];
  const index = firstLeaf(left, right);
  return {
    epoch,
    step: null,
    operation: null,
    of: 'state',
    tensor: a.names[index] ?? null,
    tensors: differing(left, right),
    element: elementOf(stateValues(a, epoch, index), stateValues(b, epoch, index)),
    saved: null,
  };
}

/** Kept values of a tensor in a trace, if any. Throws FileError when they are not those that were hashed. */
export function valuesIn(trace: Trace, of: Omit<ValuesRecord, 'kind' | 'dtype' | 'shape'>, hash: string) {
  const tensor = keptValues(trace, of);
  if (tensor === undefined || tensorHash(tensor) === hash) return tensor;
  const got = `other values of ${show(of.name)} in step ${of.step} of epoch ${of.epoch}`;
  throw new FileError({ who: 'trace', expected: `an unaltered trace ${show(trace.path)}`, got });
}

/** Two records of one place, and the traces they are in. */
export interface Pair<T> {
  a: { trace: Trace; record: T };
  b: { trace: Trace; record: T };
}

/** The difference of two operations. */
export function opDifference({ a, b }: Pair<OpRecord>): Difference {
  const { epoch, step, op, kernel } = a.record;
  const hashes = (record: OpRecord) => record.tensors.map(({ hash }) => hash);
  const [left, right] = [hashes(a.record), hashes(b.record)];
  const forms = (record: OpRecord) => record.tensors.map(({ hash, ...form }) => form);
  const isSame = kernel === b.record.kernel && JSON.stringify(forms(a.record)) === JSON.stringify(forms(b.record));
  const index = isSame ? firstLeaf(left, right) : -1;
  const tensor = a.record.tensors[index];
  const values = ({ trace, record }: Pair<OpRecord>['a']) => {
    const { name, hash } = record.tensors[index]!;
    return valuesIn(trace, { of: 'op', epoch, step, op, name }, hash);
  };
  return {
    epoch,
    step,
    operation: { number: op, kernel },
    of: tensor === undefined ? 'kernel' : tensor.output ? 'output' : 'input',
    tensor: tensor?.name ?? null,
    tensors: differing(left, right),
    element: tensor === undefined ? null : elementOf(values(a), values(b)),
    saved: null,
  };
}

/** The difference of two steps: gradients come before the weights they change. */
export function stepDifference({ a, b }: Pair<StepRecord>): Difference {
  const { epoch, step } = a.record;
  const of = (['gradients', 'weights'] as const).find((name) => a.record[name].root !== b.record[name].root);
  const place = { epoch, step, operation: null, saved: null };
  if (of === undefined) {
    return { ...place, of: 'loss', tensor: null, tensors: { differing: 0, all: 0 }, element: null };
  }
  const [left, right] = [a.record[of].leaves, b.record[of].leaves];
  const index = firstLeaf(left, right);
  const name = a.trace.begin![of][index]![0];
  const values = ({ trace, record }: Pair<StepRecord>['a']) =>
    valuesIn(trace, { of, epoch, step, op: 0, name }, record[of].leaves[index]!);
  const element = elementOf(values(a), values(b));
  return { ...place, of, tensor: name, tensors: differing(left, right), element };
}

/** The first saved state at or after an epoch that differs and has values in both runs. */
export function savedAfter(a: RunEvidence, b: RunEvidence, epoch: number): Difference['saved'] {
  for (let at = Math.max(1, epoch); at < Math.min(a.states.length, b.states.length); at += 1) {
    if (a.states[at]!.root === b.states[at]!.root) continue;
    const { element } = stateDifference(a, b, at);
    if (element !== null) return { epoch: at, element };
  }
  return null;
}

/** The difference of two lists of tensors of the same names and shapes; null where there is none. */
export function tensorsDifference(a: readonly StoredTensor[], b: readonly StoredTensor[]): Difference | null {
  const [left, right] = [treeOf(a).leaves, treeOf(b).leaves];
  const index = firstLeaf(left, right);
  if (index < 0) return null;
  return {
    epoch: null,
    step: null,
    operation: null,
    of: 'tensors',
    tensor: a[index]!.name,
    tensors: differing(left, right),
    element: elementOf(a[index], b[index]),
    saved: null,
  };
}

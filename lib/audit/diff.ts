/**
 * The first difference between two results, found by bisection: runs by the finest records both have (operations, steps,
 * states after epochs), tensors by the tree over them.
 */
import { createHash } from 'node:crypto';
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import { type StoredTensor, type Trace, type Tree, treeOf } from '../trace/index.js';
import {
  type Difference,
  opDifference,
  type Pair,
  savedAfter,
  stateDifference,
  stepDifference,
  tensorsDifference,
} from './difference.js';
import { type Evidence, openEvidence, type RunEvidence, type Subject, type TensorEvidence } from './evidence.js';

/** What a comparison found. */
export interface Diff {
  /** No difference, and both of one length. */
  equal: boolean;
  a: string;
  b: string;
  /** What was compared, and how many of them; where one run has more, only those that both have. */
  compared: { what: 'operations' | 'steps' | 'epochs' | 'tensors'; count: number };
  /** Records of each run; they differ where one run went on for longer. */
  counts: [number, number];
  /** Whether each training ended; one that was stopped or killed is told by its missing receipt, or end of its trace. */
  finished: [boolean, boolean];
  /** The side that ends first although both are equal so far; null where they differ or are of one length. */
  shorter: 'a' | 'b' | null;
  /** Byte at which the trace of each run was cut; null where it is whole or there is none. */
  cuts: [number | null, number | null];
  /** Hash over all that was compared, where it is equal. */
  root: string | null;
  difference: Difference | null;
}

const who = 'diff';

/** The lowest index at which `same` is false, for a `same` that stays false once it is; `length` if there is none. */
function bisect(length: number, same: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (same(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkSubjects(a: Subject | undefined, b: Subject | undefined): void {
  if (a === undefined || b === undefined) return;
  const words: Record<Exclude<keyof Subject, 'model'>, string> = {
    contract: 'contract',
    network: 'network',
    dataHash: 'set of samples',
    imageSize: 'image size',
    batchSize: 'batch size',
  };
  // Two networks are told by the names of their models, if these say more.
  if (a.network !== b.network && a.model !== b.model) {
    throw new ArgumentError({ who, expected: `two results of one model (${show(a.model)})`, got: show(b.model) });
  }
  for (const name of Object.keys(words) as (keyof typeof words)[]) {
    if (a[name] === b[name]) continue;
    throw new ArgumentError({
      who,
      expected: `two results of one ${words[name]} (${show(a[name])})`,
      got: show(b[name]),
    });
  }
}

/** The states' roots as a chain: once two differ, all later ones do. */
function chainOf(states: readonly Tree[]): string[] {
  let before = '';
  return states.map(({ root }) => {
    before = createHash('sha256').update(before).update(root).digest('hex');
    return before;
  });
}

type Found = Pick<Diff, 'compared' | 'counts' | 'root' | 'difference' | 'shorter'>;

const shorterOf = ([a, b]: readonly [number, number]): Diff['shorter'] => (a === b ? null : a < b ? 'a' : 'b');

/** Compares two lists of one kind of record. */
function compareList<T extends { chain: string }>(
  what: Diff['compared']['what'],
  lists: readonly [readonly T[], readonly T[]],
  differenceAt: (index: number) => Difference,
): Found {
  const [a, b] = lists;
  const count = Math.min(a.length, b.length);
  const index = bisect(count, (i) => a[i]!.chain === b[i]!.chain);
  const isEqual = index === count;
  return {
    compared: { what, count },
    counts: [a.length, b.length],
    shorter: isEqual ? shorterOf([a.length, b.length]) : null,
    root: isEqual ? (a[count - 1]?.chain ?? null) : null,
    difference: isEqual ? null : differenceAt(index),
  };
}

function compareStates(a: RunEvidence, b: RunEvidence): Found {
  const chains = [a, b].map(({ states }) => chainOf(states).map((chain) => ({ chain })));
  const found = compareList('epochs', [chains[0]!, chains[1]!], (epoch) => stateDifference(a, b, epoch));
  // The state before the first step is compared too, but is no epoch.
  const { compared, counts } = found;
  const root = found.difference === null ? (a.states[compared.count - 1]?.root ?? null) : null;
  const without = (count: number) => Math.max(0, count - 1);
  const inEpochs: Found = {
    ...found,
    compared: { what: 'epochs', count: without(compared.count) },
    counts: [without(counts[0]), without(counts[1])],
    root,
  };
  if (found.difference !== null || found.shorter !== null || a.steps === null || b.steps === null) return inEpochs;
  const steps: [number, number] = [a.steps, b.steps];
  const shorter = shorterOf(steps);
  return { ...inEpochs, compared: { what: 'steps', count: Math.min(a.steps, b.steps) }, counts: steps, shorter };
}

/** Compares trainings that were stopped after equal states: by the steps they had taken, then by their checkpoints. */
function compareStopped(a: RunEvidence, b: RunEvidence): Found | undefined {
  if (a.stopped === undefined || b.stopped === undefined) return undefined;
  const counts: [number, number] = [a.stopped.iterations, b.stopped.iterations];
  const found = {
    compared: { what: 'steps' as const, count: Math.min(a.stopped.iterations, b.stopped.iterations) },
    counts,
  };
  const shorter = shorterOf(counts);
  if (shorter !== null) return { ...found, shorter, root: null, difference: null };
  const { epoch, step } = a.stopped.place;
  const difference = tensorsDifference(a.stopped.tensors, b.stopped.tensors);
  if (difference === null) return { ...found, shorter, root: treeOf(a.stopped.tensors).root, difference };
  const place = step === 0 ? { epoch, step: null } : { epoch: epoch + 1, step };
  return { ...found, shorter, root: null, difference: { ...difference, ...place, of: 'state' } };
}

function compareTraces(a: Trace, b: Trace): Found[] {
  const pair = <T>(left: T[], right: T[], i: number): Pair<T> => ({
    a: { trace: a, record: left[i]! },
    b: { trace: b, record: right[i]! },
  });
  const steps = compareList('steps', [a.steps, b.steps], (i) => stepDifference(pair(a.steps, b.steps, i)));
  const ops = compareList('operations', [a.ops, b.ops], (i) => opDifference(pair(a.ops, b.ops, i)));
  // What only one of them was asked to record says nothing of their lengths.
  const levels = [a.begin!.level, b.begin!.level];
  if (levels.includes('weights')) return [];
  return levels.includes('steps') ? [steps] : [ops, steps];
}

/** Compares runs by the finest records that both have; the state before the first step comes before all of them. */
function compareRuns(a: RunEvidence, b: RunEvidence): Found {
  checkSubjects(a.subject, b.subject);
  const states = compareStates(a, b);
  if (states.difference?.epoch === 0) return states;
  const traced = a.trace?.begin && b.trace?.begin ? compareTraces(a.trace, b.trace) : [];
  const parted = [...traced, states].find(({ difference }) => difference !== null);
  if (parted === undefined) return sameRuns(a, b, traced, states);
  const difference = parted.difference!;
  const saved = difference.element === null ? savedAfter(a, b, difference.epoch!) : null;
  return { ...parted, difference: { ...difference, saved } };
}

/** Two runs in which no record differs: one of them may have fewer. */
function sameRuns(a: RunEvidence, b: RunEvidence, traced: readonly Found[], states: Found): Found {
  const stopped = states.shorter === null ? compareStopped(a, b) : undefined;
  const all = [...traced, states, ...(stopped === undefined ? [] : [stopped])];
  const parted = all.find(({ difference }) => difference !== null);
  if (parted !== undefined) return parted;
  const found = all.find(({ shorter }) => shorter !== null) ?? traced.find(isOfSteps) ?? stopped ?? states;
  // Killed behind the last record of its kind: nothing is shorter but the training.
  const unfinished = a.finished === b.finished ? null : a.finished ? 'b' : 'a';
  return { ...found, shorter: found.shorter ?? unfinished };
}

const isOfSteps = ({ compared }: Found) => compared.what === 'steps';

function compareTensors(a: TensorEvidence, b: TensorEvidence): Found {
  checkSubjects(a.subject, b.subject);
  const described = (tensor: StoredTensor | undefined) =>
    tensor === undefined ? 'none' : `${show(tensor.name)} ${tensor.dtype} ${show([...tensor.shape])}`;
  const count = Math.max(a.tensors.length, b.tensors.length);
  for (let i = 0; i < count; i += 1) {
    const [left, right] = [described(a.tensors[i]), described(b.tensors[i])];
    if (left === right) continue;
    throw new ShapeError({ who, expected: `tensor ${i} to be ${left} in both files`, got: right });
  }
  const difference = tensorsDifference(a.tensors, b.tensors);
  const [left, right] = [a.iterations ?? 0, b.iterations ?? 0];
  const both = a.iterations !== undefined && b.iterations !== undefined;
  return {
    compared: { what: 'tensors', count },
    counts: [count, count],
    shorter: difference === null && both ? shorterOf([left, right]) : null,
    root: difference === null ? treeOf(a.tensors).root : null,
    difference,
  };
}

/**
 * The first difference between what lies at two paths: run folders, receipts and traces among each other, checkpoints and
 * safetensors files among each other. Throws ArgumentError or ShapeError for results that cannot be compared: of different
 * models, contracts, data, image or batch sizes; FileError for files that are not whole.
 */
export function diffRuns(pathA: string, pathB: string): Diff {
  return diffEvidence(openEvidence(pathA), openEvidence(pathB));
}

/** The first difference between what two paths hold; see diffRuns. */
export function diffEvidence(a: Evidence, b: Evidence): Diff {
  let found: Found;
  if (a.kind === 'run' && b.kind === 'run') found = compareRuns(a, b);
  else if (a.kind === 'tensors' && b.kind === 'tensors') found = compareTensors(a, b);
  else {
    const kinds = { run: 'a run', tensors: 'tensors' };
    throw new ArgumentError({
      who,
      expected: 'two runs or two files of tensors',
      got: `${kinds[a.kind]} and ${kinds[b.kind]}`,
    });
  }
  const cutOf = (one: typeof a) => (one.kind === 'run' ? (one.trace?.cut?.at ?? null) : null);
  const ended = (one: typeof a) => one.kind === 'tensors' || one.finished;
  return {
    equal: found.difference === null && found.shorter === null,
    a: a.path,
    b: b.path,
    ...found,
    finished: [ended(a), ended(b)],
    cuts: [cutOf(a), cutOf(b)],
  };
}

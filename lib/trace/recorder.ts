/**
 * Writes a trace while a training runs. Nothing in it depends on time or target, the target named at its beginning
 * aside, so a training that was stopped and resumed leaves the bytes of one that never stopped.
 */
import { FileError, show } from '../errors/index.js';
import type { StoredTensor } from './bytes.js';
import { FrameWriter } from './frames.js';
import { isCovered, type Place, placeOf, readTrace, type Trace } from './reader.js';
import {
  type ChainedRecord,
  chained,
  chainStart,
  encodeRecord,
  type TraceBegin,
  type ValuesRecord,
  type WrittenRecord,
} from './records.js';
import { type Tree, tensorHash, treeOf } from './tree.js';

/** A tensor of an operation, by its name in the kernel's contract. */
export interface OpTensor {
  tensor: StoredTensor;
  /** Whether the kernel writes it. */
  output: boolean;
}

/** A step that is done. */
export interface TracedStep {
  epoch: number;
  step: number;
  loss: number;
  gradients: readonly StoredTensor[];
  weights: readonly StoredTensor[];
}

/** Bytes of a trace that a training at `place` goes on from. Throws FileError when the trace does not reach so far. */
function keptBytes(trace: Trace, place: Place): number {
  const { level } = trace.begin!;
  const after = trace.places.find((record) => !isCovered(record, place));
  const epoch = trace.epochs.filter((record) => record.epoch <= place.epoch).at(-1);
  const step = trace.steps.find((record) => record.epoch === place.epoch + 1 && record.step === place.step);
  if (epoch?.epoch !== place.epoch || (level !== 'weights' && place.step > 0 && step === undefined)) {
    const expected = `the trace ${show(trace.path)} to reach epoch ${place.epoch} and ${place.step} steps`;
    throw new FileError({ who: 'trace', expected, got: trace.cut === null ? 'less' : `less, cut at ${trace.cut.at}` });
  }
  return after?.begin ?? trace.end;
}

/** Appends the records of one training to its trace. */
export class TraceRecorder {
  readonly begin: TraceBegin;
  readonly #writer: FrameWriter;
  readonly #chains = { epoch: chainStart, step: chainStart, op: chainStart };
  readonly #counts = { epoch: 0, step: 0, op: 0 };
  #ops = 0;

  /** Begins a trace, or goes on with the one at `path` from a `place` in the training. Throws FileError. */
  constructor(path: string, begin: TraceBegin, place?: Place) {
    this.begin = begin;
    if (place === undefined) {
      this.#writer = new FrameWriter(path, 0);
      this.#write(begin);
      return;
    }
    const trace = readTrace(path);
    this.#writer = new FrameWriter(path, keptBytes(trace, place));
    for (const record of [...trace.epochs, ...trace.steps, ...trace.ops]) {
      if (!isCovered(placeOf(record), place)) continue;
      this.#chains[record.kind] = record.chain;
      this.#counts[record.kind] += 1;
    }
  }

  /** The state after an epoch, or before the first (0). */
  epoch(epoch: number, state: Tree): void {
    this.#link({ kind: 'epoch', epoch, state });
    this.#writer.sync();
  }

  /** The gradients and weights of a step, and with `keep` their values. */
  step({ epoch, step, loss, gradients, weights }: TracedStep, keep: boolean): void {
    this.#ops = 0;
    const trees = { gradients: treeOf(gradients), weights: treeOf(weights) };
    this.#link({ kind: 'step', epoch, step, loss: String(loss), ...trees });
    if (!keep) return;
    for (const tensor of gradients) this.#values({ of: 'gradients', epoch, step, op: 0 }, tensor);
    for (const tensor of weights) this.#values({ of: 'weights', epoch, step, op: 0 }, tensor);
  }

  /** An operation of the step under way, and with `keep` its values. */
  op({ epoch, step }: Place, kernel: string, tensors: readonly OpTensor[], keep: boolean): void {
    this.#ops += 1;
    const op = this.#ops;
    const told = tensors.map(({ tensor, output }) => {
      const { name, dtype, shape } = tensor;
      return { name, dtype, shape: [...shape], output, hash: tensorHash(tensor) };
    });
    this.#link({ kind: 'op', epoch, step, op, kernel, tensors: told });
    if (keep) for (const { tensor } of tensors) this.#values({ of: 'op', epoch, step, op }, tensor);
  }

  /** The training is done: nothing comes after this. */
  end(): void {
    const { epoch, step, op } = this.#counts;
    this.#write({ kind: 'end', epochs: epoch, steps: step, ops: op });
  }

  /** Waits until all records are safe from a loss of power. */
  sync(): void {
    this.#writer.sync();
  }

  close(): void {
    this.#writer.sync();
    this.#writer.close();
  }

  #link(record: ChainedRecord): void {
    const chain = chained(this.#chains[record.kind], record);
    this.#chains[record.kind] = chain;
    this.#counts[record.kind] += 1;
    this.#write({ ...record, chain });
  }

  #values(of: Pick<ValuesRecord, 'of' | 'epoch' | 'step' | 'op'>, tensor: StoredTensor): void {
    const { name, dtype, shape } = tensor;
    this.#write({ kind: 'values', ...of, name, dtype, shape: [...shape] }, tensor);
  }

  #write(record: WrittenRecord, tensor?: StoredTensor): void {
    this.#writer.append(encodeRecord(record, tensor));
  }
}

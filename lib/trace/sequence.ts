/**
 * The order in which a training writes its records: the state before the first step, then of every epoch its steps, each
 * after its operations, and the state after it; kept values behind the record they belong to; the end last. What a record
 * says of trees has to fit what the first record says of them.
 */
import type { Described, EndRecord, TraceBegin, TraceRecord, ValuesRecord } from './records.js';
import { rootOf, type Tree } from './tree.js';

const misplaced = 'a record out of its place';

/** Whether a tree is one over so many tensors. */
const fits = ({ root, leaves }: Tree, { length }: readonly Described[]): boolean =>
  leaves.length === length && rootOf(leaves) === root;

/** Checks records one after the other. */
export class Sequence {
  #begin: TraceBegin | undefined;
  #ended = false;
  /** What stands before the next record. */
  #at = { epoch: -1, step: 0, op: 0 };
  #counts = { epochs: 0, steps: 0, ops: 0 };

  /** What is wrong with the next record; undefined where it stands in its place. */
  next(record: TraceRecord): string | undefined {
    if (this.#ended || (record.kind === 'begin') !== (this.#begin === undefined)) return misplaced;
    switch (record.kind) {
      case 'begin':
        this.#begin = record;
        return undefined;
      case 'end':
        return this.#end(record);
      case 'values':
        return this.#values(record);
      case 'epoch': {
        const { epoch, state } = record;
        if (epoch !== this.#at.epoch + 1 || this.#at.op > 0) return misplaced;
        this.#at = { epoch, step: 0, op: 0 };
        this.#counts.epochs += 1;
        return fits(state, this.#begin!.state) ? undefined : 'a tree that is not one';
      }
      case 'step': {
        const { epoch, step, gradients, weights } = record;
        if (!this.#isIn(epoch) || step !== this.#at.step + 1) return misplaced;
        this.#at = { ...this.#at, step, op: 0 };
        this.#counts.steps += 1;
        const whole = fits(gradients, this.#begin!.gradients) && fits(weights, this.#begin!.weights);
        return whole ? undefined : 'a tree that is not one';
      }
      case 'op': {
        const { epoch, step, op } = record;
        if (!this.#isIn(epoch) || step !== this.#at.step + 1 || op !== this.#at.op + 1) return misplaced;
        this.#at = { ...this.#at, op };
        this.#counts.ops += 1;
        return undefined;
      }
    }
  }

  #isIn = (epoch: number): boolean => this.#at.epoch >= 0 && epoch === this.#at.epoch + 1;

  #values({ of, epoch, step, op }: ValuesRecord): string | undefined {
    const place = of === 'op' ? { step: this.#at.step + 1, op: this.#at.op } : { step: this.#at.step, op: 0 };
    return this.#isIn(epoch) && step === place.step && op === place.op ? undefined : misplaced;
  }

  #end({ epochs, steps, ops }: EndRecord): string | undefined {
    const counted = this.#counts;
    const same = epochs === counted.epochs && steps === counted.steps && ops === counted.ops;
    if (!same || this.#at.step > 0 || this.#at.op > 0) return 'an end of other records';
    this.#ended = true;
    return undefined;
  }
}

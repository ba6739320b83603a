/**
 * Batches one after the other, each sent to the runtime before the results of the one before are waited for: so a device has
 * its next batch when it is done with this one, and is waited for once a batch.
 */
import type { Runtime } from '../runtime/index.js';
import type { JudgedBatch } from './judged.js';
import type { Batch, PendingBatch } from './model.js';
import { asFloats, type Samples } from './samples.js';

/** What comes of a batch, and the numbers of its samples. */
export interface StepResult {
  result: JudgedBatch;
  indices: Uint32Array;
}

/** A batch that was asked for before its turn. */
interface Sent {
  indices: Uint32Array;
  /** The batch; throws what went wrong when it was read. */
  take(): Batch;
  dispose(): void;
}

/** Whether a step could be taken before it is known what comes of reading the next batch: that is told in its own turn. */
function send(samples: Samples, runtime: Runtime, indices: Uint32Array): Sent {
  try {
    const batch = samples.send(runtime, indices);
    return {
      indices,
      take: () => asFloats(batch),
      dispose: () => {
        batch.x.dispose();
        batch.y.dispose();
      },
    };
  } catch (error) {
    return {
      indices,
      take: () => {
        throw error;
      },
      dispose: () => {},
    };
  }
}

/** Samples in the order of lists of their numbers. Dispose it when done: a batch may have been sent that nobody took. */
export class BatchesAhead {
  #next: Sent | undefined;

  constructor(
    readonly runtime: Runtime,
    readonly samples: Samples,
    readonly order: Iterator<Uint32Array>,
  ) {
    this.#next = this.#send();
  }

  /** Whether there is one more. */
  more(): boolean {
    return this.#next !== undefined;
  }

  /** What comes of the next batch; undefined behind the last. */
  next(start: (batch: Batch) => PendingBatch): StepResult | undefined {
    const sent = this.#next;
    if (sent === undefined) return undefined;
    this.#next = undefined;
    const batch = sent.take();
    try {
      const pending = start(batch);
      this.#next = this.#send();
      return { result: pending.read(), indices: sent.indices };
    } finally {
      batch.x.dispose();
      batch.y.dispose();
    }
  }

  dispose(): void {
    this.#next?.dispose();
    this.#next = undefined;
  }

  #send(): Sent | undefined {
    const { value: indices } = this.order.next();
    return indices && send(this.samples, this.runtime, indices);
  }
}

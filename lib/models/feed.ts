/** What a fit is fed with: batches of samples by number, or batches of the user's own that come one after the other. */
import type { BatchPlan } from '../data/index.js';
import { ArgumentError, DataError, integerOption, show } from '../errors/index.js';
import type { Runtime } from '../runtime/index.js';
import { BatchesAhead, type StepResult } from './ahead.js';
import type { Batch, PendingBatch } from './model.js';
import type { ArrayFitData, PartsFitData, Samples } from './samples.js';

/** One batch: samples, targets and, if they have any, weights. */
export type GivenBatch = ArrayFitData | PartsFitData;

type Batches = Iterable<GivenBatch> | AsyncIterable<GivenBatch>;

/**
 * Batches that come one after the other, of any sizes: an iterable, such as a generator, or a function that begins one for each
 * epoch: `async function* () { ... yield { x, y }; }`.
 */
export type BatchStream = Batches | (() => Batches);

/** Where a fit stands: `step` steps of the epoch are done. */
interface At {
  epoch: number;
  step: number;
}

/** The batches of an epoch that are left. */
export interface EpochFeed {
  /** Whether there is one more; of batches that come one after the other it waits for the next. */
  more(): boolean | Promise<boolean>;
  /** What comes of it, and the numbers of its samples; undefined behind the last. */
  next(start: (batch: Batch) => PendingBatch): StepResult | undefined;
  dispose(): void;
}

/** Batches, epoch after epoch. */
export interface Feed {
  /** Steps in an epoch; undefined where nobody says it. */
  readonly steps: number | undefined;
  epoch(runtime: Runtime, from: At): EpochFeed;
  /** Nobody asks any more. */
  end(): Promise<void>;
}

/** The samples of the steps of an epoch that are left. */
function* batchesFrom(plan: BatchPlan, { epoch, step }: At): Generator<Uint32Array> {
  for (let next = step; next < plan.steps; next += 1) yield plan.batch({ epoch, step: next });
}

/** Samples by number, in an order of each epoch's own or in their own: each batch is sent before its turn. */
export const planFeed = (samples: Samples, plan: BatchPlan): Feed => ({
  steps: plan.steps,
  epoch: (runtime, from) => {
    const send: Samples['send'] = (own, indices) => samples.send(own, indices, from.epoch);
    return new BatchesAhead(runtime, { ...samples, send }, batchesFrom(plan, from));
  },
  end: async () => {},
});

/** Whether data come as batches one after the other. */
export const isStream = (data: unknown): data is BatchStream =>
  typeof data === 'function' ||
  (typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    !ArrayBuffer.isView(data) &&
    (Symbol.iterator in data || Symbol.asyncIterator in data));

type Running = Iterator<GivenBatch> | AsyncIterator<GivenBatch>;

function started(who: string, stream: BatchStream): Running {
  const batches: unknown = typeof stream === 'function' ? stream() : stream;
  const both = Object(batches) as Partial<AsyncIterable<GivenBatch>> & Partial<Iterable<GivenBatch>>;
  const later = both[Symbol.asyncIterator]?.();
  const running: Running | undefined = later ?? both[Symbol.iterator]?.();
  if (running !== undefined) return running;
  throw new ArgumentError({ who, expected: 'a function that gives an iterable of batches', got: show(batches) });
}

/** What a stream is read for. */
export interface StreamParts {
  stepsPerEpoch: number | undefined;
  /** The samples of a batch. */
  read(batch: GivenBatch): Samples;
}

/**
 * Batches of a stream, each asked for in its own turn. With `stepsPerEpoch` one iterable goes on from epoch to epoch; without, or
 * where a function begins one, each epoch takes a new one to its end. `more` rejects with DataError where an epoch gets no batch or
 * too few, and with what `read` throws.
 */
export function streamFeed(who: string, stream: BatchStream, { stepsPerEpoch, read }: StreamParts): Feed {
  const goesOn = stepsPerEpoch !== undefined && typeof stream !== 'function';
  let running: Running | undefined;
  const end = async () => {
    await running?.return?.();
    running = undefined;
  };
  /** The batch of a step; undefined behind the last of its epoch. */
  const batchOf = async ({ epoch, step }: At): Promise<Samples | undefined> => {
    if (step === stepsPerEpoch) return undefined;
    if (step === 0 && !goesOn) await end();
    running ??= started(who, stream);
    const { done, value } = await running.next();
    if (!done) return read(value);
    running = undefined;
    if (stepsPerEpoch === undefined && step > 0) return undefined;
    const expected = `${stepsPerEpoch ?? 'some'} batches in epoch ${epoch}`;
    const hint = 'a function that gives a generator begins it again for each epoch';
    throw new DataError({ who, expected, got: step === 0 ? 'none' : `${step}`, hint });
  };
  return {
    steps: stepsPerEpoch,
    epoch: (runtime, { epoch, step: first }) => {
      let step = first;
      let samples: Samples | undefined;
      return {
        async more() {
          samples = await batchOf({ epoch, step });
          step += 1;
          return samples !== undefined;
        },
        next: (start) => samples && stepOn(samples.batch(runtime, numbers(samples)), numbers(samples), start),
        dispose: () => {},
      };
    },
    end,
  };
}

const numbers = ({ length }: Samples) => Uint32Array.from({ length }, (_, i) => i);

/** One step on a batch, which is disposed. */
function stepOn(batch: Batch, indices: Uint32Array, start: (batch: Batch) => PendingBatch): StepResult {
  try {
    return { result: start(batch).read(), indices };
  } finally {
    batch.x.dispose();
    batch.y.dispose();
  }
}

/** Options of fit that mean nothing beside a stream. */
const without = ['batchSize', 'shuffle', 'validationSplit', 'from', 'run'] as const;

/** Throws ArgumentError for options that a stream cannot have, and for `stepsPerEpoch` beside anything else. */
export function checkStream(who: string, data: unknown, options: object & { stepsPerEpoch?: number }): void {
  const { stepsPerEpoch } = options;
  if (stepsPerEpoch !== undefined) integerOption(who, 'stepsPerEpoch', stepsPerEpoch, 1);
  if (!isStream(data)) {
    if (stepsPerEpoch === undefined) return;
    const expected = 'batches that come one after the other beside stepsPerEpoch';
    throw new ArgumentError({ who, expected, got: 'data of a length' });
  }
  const given = without.find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (given === undefined) return;
  const hint = 'they have sizes and an order of their own, and cannot be gone back to';
  throw new ArgumentError({
    who,
    expected: `no ${given} beside batches that come one after the other`,
    got: 'it',
    hint,
  });
}

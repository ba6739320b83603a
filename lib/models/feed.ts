/** What a fit is fed with: batches of samples by number, or batches of the user's own that come one after the other. */
import type { BatchPlan } from '../data/index.js';
import { ArgumentError, DataError, integerOption, show } from '../errors/index.js';
import type { ArrayFitData, Samples } from './samples.js';

/** One batch: samples, targets and, if they have any, weights. */
export type GivenBatch = ArrayFitData;

type Batches = Iterable<GivenBatch> | AsyncIterable<GivenBatch>;

/**
 * Batches that come one after the other, of any sizes: an iterable, such as a generator, or a function that begins one for each
 * epoch: `async function* () { ... yield { x, y }; }`.
 */
export type BatchStream = Batches | (() => Batches);

/** The samples of a step. */
export interface Fed {
  samples: Samples;
  indices: Uint32Array;
}

/** Batches, epoch after epoch. */
export interface Feed {
  /** Steps in an epoch; undefined where nobody says it. */
  readonly steps: number | undefined;
  /** The next batch is that of this step. */
  begin(at: { epoch: number; step: number }): void;
  /** The next batch of the epoch; undefined behind the last. */
  next(): Promise<Fed | undefined>;
  /** Nobody asks any more. */
  end(): Promise<void>;
}

/** Samples by number, in an order of each epoch's own or in their own. */
export function planFeed(samples: Samples, plan: BatchPlan): Feed {
  let at = { epoch: 0, step: 0 };
  return {
    steps: plan.steps,
    begin: (place) => {
      at = place;
    },
    async next() {
      if (at.step >= plan.steps) return undefined;
      const indices = plan.batch(at);
      at = { ...at, step: at.step + 1 };
      return { samples, indices };
    },
    end: async () => {},
  };
}

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
 * Batches of a stream. With `stepsPerEpoch` one iterable goes on from epoch to epoch; without, or where a function begins one, each
 * epoch takes a new one to its end. `next` rejects with DataError where an epoch gets no batch or too few, and with what `read` throws.
 */
export function streamFeed(who: string, stream: BatchStream, { stepsPerEpoch, read }: StreamParts): Feed {
  const goesOn = stepsPerEpoch !== undefined && typeof stream !== 'function';
  let running: Running | undefined;
  let place = { epoch: 0, step: 0 };
  const end = async () => {
    await running?.return?.();
    running = undefined;
  };
  return {
    steps: stepsPerEpoch,
    begin: (at) => {
      place = at;
    },
    async next() {
      const { epoch, step } = place;
      if (step === stepsPerEpoch) return undefined;
      if (step === 0 && !goesOn) await end();
      running ??= started(who, stream);
      const { done, value } = await running.next();
      if (done) {
        running = undefined;
        if (stepsPerEpoch === undefined && step > 0) return undefined;
        const expected = `${stepsPerEpoch ?? 'some'} batches in epoch ${epoch}`;
        const hint = 'a function that gives a generator begins it again for each epoch';
        throw new DataError({ who, expected, got: step === 0 ? 'none' : `${step}`, hint });
      }
      place = { epoch, step: step + 1 };
      const samples = read(value);
      return { samples, indices: Uint32Array.from({ length: samples.length }, (_, i) => i) };
    },
    end,
  };
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

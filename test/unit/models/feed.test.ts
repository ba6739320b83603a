// Fit on batches that come one after the other: generators, async ones, and functions that begin them, with a length or without.

import { afterAll, describe, expect, it } from 'vitest';
import { type BatchStream, createRuntime, type FitOptions, type GivenBatch, weightsHash } from '../../../lib/index.js';
import { compileOptions, halves, small } from './small_model.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const data = halves(24);
/** Batches of 8 samples. */
const batch = (i: number): GivenBatch => ({
  x: data.x.subarray(16 * i, 16 * i + 16),
  y: data.y.subarray(8 * i, 8 * i + 8),
});

async function trained(stream: BatchStream | typeof data, options: FitOptions) {
  const net = small().compile(compileOptions(runtime));
  const steps: (number | undefined)[] = [];
  const history = await net.fit(stream, { ...options, callbacks: { onBatchEnd: (end) => void steps.push(end.steps) } });
  const told = { hash: weightsHash(net), history, iterations: net.iterations };
  net.dispose();
  return { told, steps };
}

function* once() {
  for (let i = 0; i < 3; i++) yield batch(i);
}
async function* later() {
  for (const one of once()) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    yield one;
  }
}
function* forever() {
  for (let i = 0; ; i = (i + 1) % 3) yield batch(i);
}

describe('a stream of batches', () => {
  it('is learnt from as the same batches of arrays, whatever gives them', async () => {
    const { told } = await trained(data, { epochs: 2, batchSize: 8, shuffle: false });
    const again = new Set([batch(0), batch(1), batch(2)]);
    for (const stream of [once, later, again]) expect((await trained(stream, { epochs: 2 })).told).toEqual(told);
    for (const stream of [once, later, forever(), forever]) {
      expect((await trained(stream, { epochs: 2, stepsPerEpoch: 3 })).told).toEqual(told);
    }
    const other = await trained(forever(), { epochs: 3, stepsPerEpoch: 2 });
    expect(other.told.hash).toBe(told.hash);
    expect(other.told.history.length).toBe(3);
    expect((await trained(forever, { epochs: 3, stepsPerEpoch: 2 })).told.hash).not.toBe(told.hash);
  });

  it('tells its length where it is known, takes weights, and is closed', async () => {
    expect((await trained(once, {})).steps).toEqual([undefined, undefined, undefined]);
    expect((await trained(once, { stepsPerEpoch: 2 })).steps).toEqual([2, 2]);
    const classWeight = { 1: 3 };
    const plain = await trained(data, { batchSize: 8, shuffle: false, classWeight });
    expect((await trained(once, { classWeight })).told).toEqual(plain.told);
    let closed = 0;
    const closing = function* () {
      try {
        yield* forever();
      } finally {
        closed += 1;
      }
    };
    await trained(closing, { epochs: 2, stepsPerEpoch: 2 });
    expect(closed).toBe(2);
  });

  const net = () => small().compile(compileOptions(runtime));
  const beside = (name: string) =>
    `fit: expected no ${name} beside batches that come one after the other, got it; they have sizes and an order of their own, and cannot be gone back to`;
  const hint = 'a function that gives a generator begins it again for each epoch';
  it.each<[string, BatchStream | typeof data, FitOptions]>([
    [`fit: expected some batches in epoch 1, got none; ${hint}`, once(), { epochs: 2 }],
    [`fit: expected 4 batches in epoch 0, got 3; ${hint}`, once, { stepsPerEpoch: 4 }],
    [beside('batchSize'), once, { batchSize: 8 }],
    [beside('shuffle'), once, { shuffle: false }],
    [beside('validationSplit'), once, { validationSplit: 0.5 }],
    [beside('run'), once, { run: { out: 'nowhere' } }],
    [
      'fit: expected batches that come one after the other beside stepsPerEpoch, got data of a length',
      data,
      { stepsPerEpoch: 3 },
    ],
    ['fit: expected stepsPerEpoch to be an integer >= 1, got 0', once, { stepsPerEpoch: 0 }],
    ['fit: expected a function that gives an iterable of batches, got 3', (() => 3) as never, {}],
    [
      'fit: expected data as { x, y } or a split of a dataset, got 3',
      function* () {
        yield 3;
      } as never,
      {},
    ],
  ])('is refused: %s', async (message, stream, options) => {
    await expect(net().fit(stream, options)).rejects.toThrow(expect.objectContaining({ message }));
  });
});

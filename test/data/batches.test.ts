// Batches: complete, shuffled by seed and epoch, and the same from any point a training resumes at.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchPlan, type DataCursor } from '../../lib/data/index.js';

const plan = (length: number, batchSize: number, seed = 1, shuffle = true) =>
  new BatchPlan({ length, batchSize, shuffle, seed });

/** All numbers of an epoch in the order they are used. */
const epoch = (batches: BatchPlan, number: number): number[] =>
  Array.from({ length: batches.steps }, (_, step) => [...batches.batch({ epoch: number, step })]).flat();

describe('the batches of an epoch', () => {
  it('use every picture once and keep the last, smaller batch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 40 }), (length, batchSize) => {
        const batches = plan(length, batchSize);
        expect(batches.steps).toBe(Math.ceil(length / batchSize));
        expect(epoch(batches, 3).sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
        expect(batches.batch({ epoch: 0, step: batches.steps - 1 })).toHaveLength(
          length % batchSize || Math.min(batchSize, length),
        );
      }),
    );
  });

  it('are in order when they are not shuffled', () => {
    expect(epoch(plan(7, 3, 1, false), 5)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('are the same for the same seed and epoch, and others for another', () => {
    const orders = [epoch(plan(50, 8, 1), 0), epoch(plan(50, 8, 1), 1), epoch(plan(50, 8, 2), 0)];
    expect(epoch(plan(50, 8, 1), 0)).toEqual(orders[0]);
    expect(new Set(orders.map(String)).size).toBe(3);
  });

  it('of one order whatever the batch size', () => {
    expect(epoch(plan(50, 7), 4)).toEqual(epoch(plan(50, 50), 4));
  });
});

it('a training that resumes at any step sees what the unbroken one saw', () => {
  const unbroken: string[] = [];
  const cursors: DataCursor[] = [];
  const batches = plan(11, 4, 9);
  for (let cursor: DataCursor = { epoch: 0, step: 0 }; cursor.epoch < 3; cursor = batches.next(cursor)) {
    cursors.push(cursor);
    unbroken.push(String(batches.batch(cursor)));
  }
  expect(cursors).toHaveLength(9);
  cursors.forEach((start, done) => {
    const resumed = plan(11, 4, 9);
    const seen: string[] = [];
    for (let cursor = JSON.parse(JSON.stringify(start)); cursor.epoch < 3; cursor = resumed.next(cursor)) {
      seen.push(String(resumed.batch(cursor)));
    }
    expect(seen).toEqual(unbroken.slice(done));
  });
});

describe('a plan is refused', () => {
  it.each([0, -1, 1.5, Number.NaN])('for a batch size of %d', (batchSize) => {
    expect(() => plan(5, batchSize)).toThrow(`BatchPlan: expected batchSize to be an integer >= 1, got ${batchSize}`);
  });
  it('for no pictures, and for a step beyond the epoch', () => {
    expect(() => plan(0, 2)).toThrow('BatchPlan: expected length to be an integer >= 1, got 0');
    expect(() => plan(5, 2).batch({ epoch: 0, step: 3 })).toThrow('BatchPlan: expected step to be in [0, 3), got 3');
  });
});

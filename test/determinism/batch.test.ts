// Claim (inference): a sample's result has the same bits alone, in any batch and at any place in it. Control: a
// product whose sum is split by the size of the batch, as batched matrix products do it, must differ.

import { describe, expect, it } from 'vitest';
import { type Runtime, scope, tensor } from '../../lib/index.js';
import type { Floats } from '../cases/case.js';
import { add, f32, fma } from '../contract/float32.js';
import { expectSameBits } from '../support/bits.js';
import { deterministicTargets, keptRuntime } from '../support/targets.js';
import { type Claimed, claimedCases, kSeed } from './claims.js';
import { racyValues } from './racing.js';

const rankOf = (claimed: Claimed) => claimed.case.inputs[claimed.table.batched!.indexOf(true)]!.shape.length;
const cases = (await claimedCases()).filter((claimed) => claimed.table.batched !== undefined && rankOf(claimed) > 1);

/** The samples at these places of a tensor, in this order. */
function pick({ shape, data }: Floats, places: readonly number[]): Floats {
  const size = data.length / shape[0]!;
  const picked = new Float32Array(size * places.length);
  places.forEach((place, i) => {
    picked.set(data.subarray(place * size, (place + 1) * size), i * size);
  });
  return { shape: [places.length, ...shape.slice(1)], data: picked };
}

function forward(runtime: Runtime, { table, case: { settings } }: Claimed, inputs: readonly Floats[]): Floats {
  return scope(() => {
    const y = table.run(
      inputs.map(({ shape, data }) => tensor(runtime, data, shape)),
      settings,
    );
    return { shape: y.shape, data: y.data() };
  });
}

it('is tried on operations whose samples do not depend on each other', () => {
  expect(cases.length).toBeGreaterThan(0);
});

describe.each(deterministicTargets)('$name', (target) => {
  it.each(cases)(
    `$title gives each sample the same bits alone, in reverse and in a larger batch, seed ${kSeed}`,
    (claimed) => {
      const runtime = keptRuntime(target, 2);
      const inputs = claimed.inputs();
      const samples = inputs[claimed.table.batched!.indexOf(true)]!.shape[0]!;
      const whole = forward(runtime, claimed, inputs);
      const last = samples - 1;
      const batches = {
        'the first alone': [0],
        'the last alone': [last],
        'the middle alone': [last >> 1],
        'the batch in reverse': Array.from({ length: samples }, (_, i) => last - i),
        'the batch twice and one more': Array.from({ length: 2 * samples + 1 }, (_, i) => i % samples),
      };
      for (const [name, places] of Object.entries(batches)) {
        const picked = inputs.map((input, i) => (claimed.table.batched![i] ? pick(input, places) : input));
        expectSameBits(name, forward(runtime, claimed, picked).data, pick(whole, places).data);
      }
    },
  );
});

describe('control', () => {
  it('a dot product cut into as many parts as the batch has samples depends on the batch', () => {
    const values = racyValues().subarray(0, 4096);
    const cut = (parts: number) => {
      let total = 0;
      for (let start = 0; start < values.length; start += values.length / parts) {
        const part = values.subarray(start, start + values.length / parts);
        total = add(
          total,
          part.reduce((chain, value) => fma(value, f32(1 / 3), chain), 0),
        );
      }
      return total;
    };
    expect(new Set([1, 2, 4, 8].map(cut)).size).toBeGreaterThan(1);
  });
});

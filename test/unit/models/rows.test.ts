// The forms in which fit, evaluate and predict take samples: every one ends in the same bits, or is refused with the place.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Model, sequential, tensor, weightsHash } from '../../../lib/index.js';
import { counted, faults, type Lists } from '../../support/nested_faults.js';

const { dense, flatten, input } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** A small model for samples of this shape, as it is before its first step. */
const modelFor = (shape: readonly number[], units = 1): Model =>
  sequential([input({ shape }), flatten(), dense({ units, activation: 'sigmoid' })]).compile({
    runtime,
    loss: 'binaryCrossentropy',
    seed: 5,
  });

/** Every way in: what each is asked to do with these samples. */
const ways: Record<string, (net: Model, x: unknown, y: unknown) => Promise<unknown>> = {
  fit: (net, x, y) => net.fit({ x, y } as never),
  evaluate: (net, x, y) => net.evaluate({ x, y } as never),
  predict: (net, x) => net.predict(x as never),
};

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: Error) => error.message,
  );

describe.each(Object.entries(ways))('%s', (who, way) => {
  it('refuses samples with one wrong place, naming it, and learns nothing (drawn, seed 15033)', async () => {
    await fc.assert(
      fc.asyncProperty(faults(2), async ({ shape, lists, place, words }) => {
        const [count, ...sample] = shape;
        using net = modelFor(sample);
        const hash = weightsHash(net);
        const message = await messageOf(way(net, lists, new Float32Array(count!)));
        expect(message).toBe(`${who}: expected x${place} ${words}; x has the shape [n, ${sample.join(', ')}]`);
        expect(weightsHash(net)).toBe(hash);
      }),
      { seed: 15033, numRuns: 100 },
    );
  });

  it('refuses pictures with the channels first', async () => {
    using net = modelFor([4, 4, 3]);
    const message = await messageOf(way(net, counted([2, 3, 4, 4]), [0, 1]));
    expect(message).toBe(`${who}: expected x[0] to hold 4, got 3; x has the shape [n, 4, 4, 3]`);
  });

  it('refuses rows where the samples have one axis more, and one less', async () => {
    using net = modelFor([2, 2]);
    expect(await messageOf(way(net, counted([2, 4]), [0, 1]))).toBe(
      `${who}: expected x[0] to hold 2, got 4; x has the shape [n, 2, 2]`,
    );
    expect(await messageOf(way(net, counted([2, 2]), [0, 1]))).toBe(
      `${who}: expected x[0][0] to be a list of 2, got 1; x has the shape [n, 2, 2]`,
    );
    expect(await messageOf(way(net, counted([1, 2, 2, 1]), [0]))).toBe(
      `${who}: expected x[0][0][0] to be a number, got a list of 1; x has the shape [n, 2, 2]`,
    );
    expect(await messageOf(way(net, [1, 2, 3, [4]], [0]))).toBe(
      `${who}: expected x[3] to be a number, got a list of 1; x has the shape [4], as it begins with a number`,
    );
  });

  it('refuses 64-bit integers and what is no array as what they are', async () => {
    using net = modelFor([2]);
    expect(await messageOf(way(net, BigInt64Array.of(1n, 2n), [0]))).toMatch(
      new RegExp(`^${who}: expected x to be a Float32Array, .* or numbers in lists, got BigInt64Array$`),
    );
    expect(await messageOf(way(net, new DataView(new ArrayBuffer(8)), [0]))).toBe(
      `${who}: expected x to be a tensor, numbers or a typed array, got DataView`,
    );
  });

  it('refuses numbers beyond float32 as they were given', async () => {
    using net = modelFor([2]);
    for (const x of [
      [
        [1, 2],
        [3, 1e300],
      ],
      [1, 2, 3, 1e300],
      Float64Array.of(1, 2, 3, 1e300),
    ]) {
      expect(await messageOf(way(net, x, [0, 1]))).toBe(
        `${who}: expected x within the range of float32, got 1e+300 in sample 1`,
      );
    }
    expect(await messageOf(way(net, [[1, 2], Float64Array.of(3, -1e39)], [0, 1]))).toBe(
      `${who}: expected x within the range of float32, got -1e+39 in sample 1`,
    );
  });
});

describe('targets', () => {
  it('are held to their shape as samples are', async () => {
    using net = modelFor([2], 3);
    const x = counted([4, 2]);
    expect(await messageOf(net.fit({ x, y: counted([3, 4]) } as never))).toBe(
      'fit: expected y[0] to hold 3, got 4; y has the shape [n, 3]',
    );
    expect(
      await messageOf(
        net.fit({
          x,
          y: [
            [0, 1, 0],
            [0, '', 0],
            [1, 0, 0],
            [1, 0, 0],
          ],
        } as never),
      ),
    ).toBe("fit: expected y[1][1] to be a number, got ''; y has the shape [n, 3]");
  });
});

describe('every form of the same samples', () => {
  const shape = [6, 2, 3];
  const lists = counted(shape) as Lists[];
  const flat = (lists as number[][][]).flat(2);
  const rows = (lists as number[][][]).map((row) => row.flat());
  const shared = new Float32Array(new SharedArrayBuffer(4 * flat.length));
  shared.set(flat);
  const forms: [string, unknown][] = [
    ['lists in lists', lists],
    ['a flat list', flat],
    ['a Float32Array', Float32Array.from(flat)],
    ['a Float64Array', Float64Array.from(flat)],
    ['an Int8Array', Int8Array.from(flat)],
    ['an Int16Array', Int16Array.from(flat)],
    ['a Uint16Array', Uint16Array.from(flat)],
    ['an Int32Array', Int32Array.from(flat)],
    ['a Uint32Array', Uint32Array.from(flat)],
    ['a Uint8Array', Uint8Array.from(flat)],
    ['a Uint8ClampedArray', Uint8ClampedArray.from(flat)],
    ['a Buffer', Buffer.from(flat)],
    ['shared memory', shared],
    ['a list of Float32Array, one a sample', rows.map((row) => Float32Array.from(row))],
    ['a list of lists of typed arrays', (lists as number[][][]).map((row) => row.map((one) => Uint8Array.from(one)))],
    ['a tensor', tensor(runtime, flat, shape)],
    ['an int32 tensor', tensor(runtime, Int32Array.from(flat), shape)],
  ];
  const hashOf = async (x: unknown) => {
    using net = modelFor([2, 3]);
    await net.fit({ x, y: [0, 1, 0, 1, 1, 0] } as never, { epochs: 2, batchSize: 4 });
    using y = await net.predict(x as never);
    return [weightsHash(net), ...y.data()];
  };
  it.each(forms)('%s ends in the same bits', async (_name, x) => {
    expect(await hashOf(x)).toEqual(await hashOf(lists));
  });
});

describe('one batch', () => {
  it('is a tensor of exactly the shape of samples', () => {
    using net = modelFor([2, 2]);
    using good = tensor(runtime, new Float32Array(8), [2, 2, 2]);
    using other = tensor(runtime, new Float32Array(8), [2, 4]);
    using y = tensor(runtime, [0, 1], [2, 1]);
    using few = tensor(runtime, [0], [1, 1]);
    expect(() => net.predictOnBatch([[1, 2]] as never)).toThrow(
      'predictOnBatch: expected x to be a tensor [n, 2, 2], got a list of 1',
    );
    expect(() => net.predictOnBatch(other)).toThrow('predictOnBatch: expected x [n, 2, 2], got [2, 4]');
    expect(() => net.trainOnBatch(other, y)).toThrow('trainOnBatch: expected x [n, 2, 2], got [2, 4]');
    expect(() => net.trainOnBatch(good, other)).toThrow('trainOnBatch: expected y [n, 1], got [2, 4]');
    expect(() => net.testOnBatch(good, few)).toThrow('testOnBatch: expected as many targets as samples (2), got 1');
    expect(() => net.testOnBatch(good, null as never)).toThrow(
      'testOnBatch: expected y to be a tensor [n, 1], got null',
    );
  });
});

// What createRuntime and the door refuse of atomic kernels, seeded arrivals and watched elements.

import { describe, expect, it } from 'vitest';
import { type NativeRuntime, native } from '../../lib/addon/index.js';
import { capabilities, createRuntime, type RuntimeOptions, scope, tensor } from '../../lib/index.js';
import { streams } from '../../lib/random/index.js';
import { expectRefusal, floats, valuesOf, withRuntime } from './door.js';

const joins = capabilities().joins.join(', ');
const weightGradient = 'conv2d.weightGradient';

describe('createRuntime', () => {
  const rows: [string, RuntimeOptions, string][] = [
    [
      'a kernel that is not there',
      { atomic: ['conv2d.weights'] },
      `createRuntime: expected atomic kernels of ${joins}, got 'conv2d.weights'`,
    ],
    [
      'a kernel without sums',
      { atomic: [weightGradient, 'conv2d.forward'] },
      `createRuntime: expected atomic kernels of ${joins}, got 'conv2d.forward'; it has no sums to join`,
    ],
    [
      'a kernel twice',
      { atomic: [weightGradient, weightGradient] },
      `createRuntime: expected each atomic kernel once, got '${weightGradient}' twice`,
    ],
    [
      'no list',
      { atomic: weightGradient as unknown as string[] },
      `createRuntime: expected atomic to be a list of kernels, got '${weightGradient}'`,
    ],
    [
      'atomic kernels in atomic mode',
      { mode: 'atomic', atomic: [weightGradient] },
      "createRuntime: expected mode 'deterministic' beside atomic kernels, got 'atomic'; atomic mode already joins every sum as it arrives",
    ],
    [
      'an arrival seed where nothing arrives',
      { arrival: { seed: 1 } },
      "createRuntime: expected mode 'atomic' or atomic kernels for a seeded arrival, got neither; deterministic sums are joined by place, so no order of arrival can matter",
    ],
    [
      'an arrival without seed',
      { mode: 'atomic', arrival: {} as { seed: number } },
      'createRuntime arrival: expected seed to be an integer from 0 to 2^53 - 1, got undefined',
    ],
    [
      'an arrival that is no object',
      { mode: 'atomic', arrival: 7 as unknown as { seed: number } },
      'createRuntime: expected arrival to be { seed }, got 7',
    ],
    [
      'an unknown word in arrival',
      { mode: 'atomic', arrival: { seed: 1, order: 2 } as { seed: number } },
      "createRuntime arrival: expected options seed, got 'order'",
    ],
  ];
  it.each(rows)('refuses %s', (_, options, message) => {
    expectRefusal(() => createRuntime(options), 'ARGUMENT', message);
  });

  it('takes no atomic kernels as none', () => {
    using runtime = createRuntime({ isa: 'scalar', atomic: [] });
    expect(runtime.target).toBe('cpu/scalar/deterministic');
  });
});

describe('the door', () => {
  const make = (atomic: unknown, seed?: unknown) =>
    native.createRuntime('scalar', 'deterministic', 1, 'cpu', atomic as string[], seed as number);

  it('refuses atomic kernels that join nothing, and seeds out of range', () => {
    const rows: [unknown, unknown, string][] = [
      [['add.forward'], undefined, "createRuntime: expected atomic kernels that join sums, got 'add.forward'"],
      [[7], undefined, "createRuntime: expected atomic kernels that join sums, got '7'"],
      ['all', undefined, 'createRuntime: expected atomic kernels in a list, got something else'],
      [[], -1, 'createRuntime: expected an arrival seed from 0 to 2^53 - 1, got another value'],
      [[], '1', 'createRuntime: expected an arrival seed from 0 to 2^53 - 1, got another value'],
    ];
    for (const [atomic, seed, message] of rows) expectRefusal(() => make(atomic, seed), 'ARGUMENT', message);
  });

  it('refuses a step out of range', () => {
    withRuntime((runtime) => {
      for (const step of [-1, 0.5, 2 ** 32]) {
        expect(() => runtime.beginStep(step)).toThrow(
          'beginStep: expected a step from 0 to 2^32 - 1, got another value',
        );
      }
    });
  });

  it('refuses workers out of range', () => {
    withRuntime((runtime) => {
      for (const workers of [0, 1.5, 1025, '2' as unknown as number]) {
        expect(() => runtime.beginStep(0, workers)).toThrow(
          'beginStep: expected from 1 to 1024 workers, got another value',
        );
      }
    });
  });

  it('refuses to watch what is outside, elsewhere or gone', () => {
    withRuntime((one) =>
      withRuntime((other) => {
        const { storage } = floats(one, [1, 2]);
        const watch = (runtime: NativeRuntime, index: number) => () => runtime.watch(storage, index);
        expect(watch(one, 2)).toThrow('watch: expected an index below 2, got another value');
        expect(watch(one, -1)).toThrow('watch: expected an index below 2, got another value');
        expect(watch(other, 0)).toThrow('watch: expected a storage of this runtime, got one of another runtime');
        storage.dispose();
        expect(watch(one, 0)).toThrow('watch: expected a live storage, got a disposed one');
      }),
    );
  });

  it('keeps what is watched alive, and logs one call only', () => {
    withRuntime((runtime) => {
      const [a, b, y] = [floats(runtime, [1, 2]), floats(runtime, [3, 4]), floats(runtime, [0, 0])];
      const gone = floats(runtime, [9]);
      runtime.watch(gone.storage, 0);
      gone.storage.dispose();
      expect(() => runtime.arrivals()).toThrow('arrivals: expected a kernel to run after watchArrivals, got none');
      native.run(runtime, 'add.forward', [a, b, y], {});
      expect(runtime.arrivals()).toEqual([{ loop: 0, task: 0, value: 9 }]);
      native.run(runtime, 'add.forward', [a, b, y], {});
      expect(runtime.arrivals()).toEqual([]);
      expect(valuesOf(y)).toEqual([4, 6]);
    });
  });
});

describe('watchArrivals', () => {
  it('refuses another dtype and an element that is not there', () => {
    using runtime = createRuntime({ threads: 1 });
    scope(() => {
      const [floats, ints] = [tensor(runtime, [1, 2]), tensor(runtime, Int32Array.of(1))];
      const at = (index: number) => () => runtime.watchArrivals(floats.native(), index);
      const other = () => runtime.watchArrivals(ints.native(), 0);
      expectRefusal(at(2), 'SHAPE', 'watchArrivals: expected an index from 0 to 1, got 2');
      expectRefusal(at(0.5), 'SHAPE', 'watchArrivals: expected an index from 0 to 1, got 0.5');
      expectRefusal(other, 'DTYPE', 'watchArrivals: expected a float32 tensor, got another dtype');
      at(1)();
      const early = 'arrivals: expected a kernel to run after watchArrivals, got none';
      expectRefusal(() => runtime.arrivals(), 'ARGUMENT', early);
    });
  });
});

it('the stream of arrivals is the one native/runtime/arrival.cc draws from', () => {
  expect(streams.arrival).toBe(6);
});

// The door refuses what would read or write outside memory, with one clear message, before any work.

import { describe, expect, it } from 'vitest';
import { type NativeSettings, type NativeTensor, native } from '../../lib/addon/index.js';
import { noActivation } from '../support/fused.js';
import { expectRefusal, floats, valuesOf, withRuntime } from './door.js';

const sgd = {
  ...{ weightDecay: 0, learningRate: 0.1, decayCoupled: 0 },
  ...{ momentum: 0, nesterov: 0, velocityOfGradients: 0 },
};

/** Settings beside the activation. */
const of = {
  conv2d: {
    ...{ strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, groups: 1 },
    ...{ padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 },
  },
  dense: {},
  batch_norm: { epsilon: 0, training: 0 },
};

describe('run', () => {
  it('computes when nothing is wrong', () => {
    withRuntime((runtime) => {
      const [a, b, y] = [floats(runtime, [1, 2]), floats(runtime, [3, 4]), floats(runtime, [0, 0])];
      native.run(runtime, 'add.forward', [a, b, y], {});
      expect(valuesOf(y)).toEqual([4, 6]);
    });
  });

  const rows: [string, string, string, string, (x: NativeTensor) => [(NativeTensor | null)[], NativeSettings]][] = [
    [
      'an unknown kernel',
      'nothing.forward',
      'ARGUMENT',
      "run: expected a known kernel, got 'nothing.forward'",
      (x) => [[x, x], {}],
    ],
    ['too few tensors', 'add.forward', 'ARGUMENT', 'add.forward: expected 3 tensors, got 2', (x) => [[x, x], {}]],
    [
      'too many tensors',
      'add.forward',
      'ARGUMENT',
      'add.forward: expected 3 tensors, got 4',
      (x) => [[x, x, x, x], {}],
    ],
    [
      'null for a tensor that must be given',
      'add.forward',
      'ARGUMENT',
      'add.forward b: expected a tensor, got null',
      (x) => [[x, null, x], {}],
    ],
    [
      'something that is no tensor',
      'add.forward',
      'ARGUMENT',
      'add.forward b: expected a tensor, got something else',
      (x) => [[x, 7 as unknown as NativeTensor, x], {}],
    ],
    [
      'an object that is no storage',
      'add.forward',
      'ARGUMENT',
      'add.forward b: expected a native storage, got something else',
      (x) => [[x, { ...x, storage: { dispose() {} } }, x], {}],
    ],
    [
      'another dtype',
      'add.forward',
      'DTYPE',
      'add.forward b: expected float32, got another dtype',
      (x) => [[x, { ...x, dtype: 1 }, x], {}],
    ],
    [
      'a negative length',
      'add.forward',
      'SHAPE',
      'add.forward b: expected lengths >= 0, got another value',
      (x) => [[x, { ...x, shape: [-1] }, x], {}],
    ],
    [
      'a length that is no integer',
      'add.forward',
      'SHAPE',
      'add.forward b: expected lengths >= 0, got another value',
      (x) => [[x, { ...x, shape: [1.5] }, x], {}],
    ],
    [
      'nine axes',
      'add.forward',
      'SHAPE',
      'add.forward b: expected at most 8 axes, got more',
      (x) => [[x, { ...x, shape: [1, 1, 1, 1, 1, 1, 1, 1, 2] }, x], {}],
    ],
    [
      'lengths whose product wraps round behind a length of 0',
      'add.forward',
      'SHAPE',
      'add.forward b: expected a shape of fewer than 2^53 values, got more',
      (x) => [[x, { ...x, shape: [0, 2 ** 40, 2 ** 40] }, x], {}],
    ],
    [
      'a shape larger than its storage',
      'add.forward',
      'SHAPE',
      'add.forward b: expected a storage of at least 12 bytes, got 8',
      (x) => [[x, { ...x, shape: [3] }, x], {}],
    ],
    [
      'a product of lengths that overflows',
      'add.forward',
      'SHAPE',
      'add.forward b: expected a shape of fewer than 2^53 values, got more',
      (x) => [[x, { ...x, shape: [2 ** 40, 2 ** 40] }, x], {}],
    ],
    [
      'an offset past the end',
      'add.forward',
      'SHAPE',
      'add.forward b: expected a storage of at least 12 bytes, got 8',
      (x) => [[x, { ...x, offset: 1 }, x], {}],
    ],
    [
      'a negative offset',
      'add.forward',
      'ARGUMENT',
      'add.forward b: expected an offset >= 0, got another value',
      (x) => [[x, { ...x, offset: -1 }, x], {}],
    ],
    [
      'tensors of different sizes',
      'add.forward',
      'SHAPE',
      'elementwise: expected 2 values in every tensor, got 1',
      (x) => [[x, { ...x, shape: [1] }, x], {}],
    ],
    [
      'a missing field',
      'sgd.update',
      'ARGUMENT',
      'sgd.update momentum: expected a number, got another value',
      (x) => [[x, x, null], { ...sgd, momentum: undefined }],
    ],
    [
      'a field of another type',
      'sgd.update',
      'ARGUMENT',
      'sgd.update nesterov: expected an integer, got another value',
      (x) => [[x, x, null], { ...sgd, nesterov: 0.5 }],
    ],
    ...(
      [
        ['conv2d', 3, 2],
        ['dense', 3, 2],
        ['batch_norm', 5, 4],
        ['batch_norm', -1, 4],
      ] as const
    ).map(([op, activation, last]): (typeof rows)[number] => [
      `activation ${activation} of ${op}`,
      `${op}.forward`,
      'ARGUMENT',
      `${op}: expected activation from 0 to ${last}, got ${activation}`,
      (x) => [
        op === 'batch_norm' ? [x, x, x, null, null, x] : [x, x, null, x],
        { ...of[op], ...noActivation, activation },
      ],
    ]),
  ];

  it.each(rows)('refuses %s', (_name, kernel, code, message, call) => {
    withRuntime((runtime) => {
      const x = floats(runtime, [1, 2]);
      const [tensors, settings] = call(x);
      expectRefusal(() => native.run(runtime, kernel, tensors, settings), code, message);
      expect(valuesOf(x)).toEqual([1, 2]);
    });
  });

  it('refuses a disposed storage', () => {
    withRuntime((runtime) => {
      const [x, y] = [floats(runtime, [1]), floats(runtime, [1])];
      y.storage.dispose();
      expectRefusal(
        () => native.run(runtime, 'add.forward', [x, y, x], {}),
        'ARGUMENT',
        'add.forward b: expected a live storage, got a disposed one',
      );
    });
  });

  it('refuses the tensor of another runtime', () => {
    withRuntime((one) =>
      withRuntime((other) => {
        const [x, y] = [floats(one, [1]), floats(other, [1])];
        expectRefusal(
          () => native.run(one, 'add.forward', [x, y, x], {}),
          'TARGET',
          'add.forward b: expected a tensor of the runtime that runs, got one of another runtime',
        );
      }),
    );
  });

  it('refuses a disposed runtime', () => {
    const runtime = native.createRuntime('scalar', 'deterministic', 1);
    const x = floats(runtime, [1]);
    runtime.dispose();
    expectRefusal(
      () => native.run(runtime, 'relu.forward', [x, x], {}),
      'ARGUMENT',
      'run: expected a live runtime, got a disposed one',
    );
  });

  it('refuses on a promise too, and before any work', async () => {
    const runtime = native.createRuntime('scalar', 'deterministic', 1);
    const x = floats(runtime, [1]);
    const call = async () => native.runAsync(runtime, 'add.forward', [x, x], {});
    await expect(call()).rejects.toThrow('add.forward: expected 3 tensors, got 2');
    runtime.dispose();
  });
});

describe('memory', () => {
  it('refuses to write or read past the end of a storage', () => {
    withRuntime((runtime) => {
      const { storage } = floats(runtime, [1, 2]);
      const three = new Float32Array(3);
      expectRefusal(() => native.write(storage, three, 0), 'SHAPE', 'write: expected at most 8 bytes, got 12');
      expectRefusal(() => native.read(storage, three, 0), 'SHAPE', 'read: expected at most 8 bytes, got 12');
      const two = new Float32Array(2);
      expectRefusal(() => native.read(storage, two, 4), 'SHAPE', 'read: expected at most 8 bytes, got 8');
    });
  });

  it('refuses a negative number of bytes, and more than the machine has', () => {
    withRuntime((runtime) => {
      const message = 'allocate: expected bytes to be an integer from 0 to 2^53 - 1, got another value';
      for (const bytes of [-1, 1.5, 2 ** 53, 2 ** 64, 2 ** 80, Number.NaN, Number.POSITIVE_INFINITY, '8' as never]) {
        expectRefusal(() => native.allocate(runtime, bytes), 'ARGUMENT', message);
      }
      expectRefusal(
        () => native.allocate(runtime, 2 ** 50),
        'NATIVE',
        `allocate: expected ${2 ** 50} bytes of memory, got none; the machine is out of memory`,
      );
    });
  });

  it('refuses arrays and tallies that a walk over two arrays does not take', () => {
    const [a, tally] = [new Float32Array(2), [12, 34, 1024].map((length) => new Float64Array(length))];
    const walk = (...given: unknown[]) => native.walkPair(...(given as Parameters<typeof native.walkPair>));
    expect(walk(a, a, ...tally)).toBe(-1);
    const lengths = 'walkPair: expected two arrays of one length, got 2 and 3 elements';
    expectRefusal(() => walk(a, new Float32Array(3), ...tally), 'SHAPE', lengths);
    const float32 = 'walkPair: expected a Float32Array, got something else';
    expectRefusal(() => walk(a, new Float64Array(2), ...tally), 'ARGUMENT', float32);
    expectRefusal(() => walk(undefined, a, ...tally), 'ARGUMENT', float32);
    const float64 = 'walkPair: expected a Float64Array, got something else';
    expectRefusal(() => walk(a, a, new Float32Array(12), ...tally.slice(1)), 'ARGUMENT', float64);
    for (const [i, length] of [12, 34, 1024].entries()) {
      const short = tally.with(i, new Float64Array(length - 1));
      const message = `walkPair: expected a tally of ${length} numbers, got ${length - 1}`;
      expectRefusal(() => walk(a, a, ...short), 'SHAPE', message);
    }
  });

  it('refuses an unknown isa, mode and number of threads', () => {
    const create = native.createRuntime;
    expectRefusal(
      () => create('sse9', 'deterministic', 1),
      'ARGUMENT',
      "createRuntime: expected a known isa, got 'sse9'",
    );
    expectRefusal(
      () => create('scalar', 'quick', 1),
      'ARGUMENT',
      "createRuntime: expected mode 'deterministic' or 'atomic', got 'quick'",
    );
    expectRefusal(
      () => create('scalar', 'atomic', 0),
      'ARGUMENT',
      'createRuntime: expected threads from 1 to 1024, got 0',
    );
  });
});

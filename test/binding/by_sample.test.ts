// The door to calls that run sample by sample refuses what would read or write outside memory, before any work.

import { describe, expect, it } from 'vitest';
import { type NativeRuntime, type NativeSampleCall, type NativeTensor, native } from '../../lib/addon/index.js';
import { createRuntime } from '../../lib/index.js';
import { noActivation } from '../support/fused.js';
import { expectRefusal, floats, valuesOf, withRuntime } from './door.js';

const window = {
  ...{ strideH: 1, strideW: 1, dilationH: 1, dilationW: 1 },
  ...{ padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 },
};
const point = { ...window, groups: 1, ...noActivation };
const shape = [2, 1, 1, 1];
const passes = (number: number, of = shape) => ({ passing: number, dtype: 0, shape: of });

/** x of two samples times 3, which passes, and that times 5 into y. */
function row(runtime: NativeRuntime): { calls: NativeSampleCall[]; x: NativeTensor; y: NativeTensor } {
  const [x, y] = [floats(runtime, [1, 2], shape), floats(runtime, [7, 7], shape)];
  const by = (factor: number) => floats(runtime, [factor], [1, 1, 1, 1]);
  const calls = [
    { kernel: 'depthwise_conv2d.forward', tensors: [x, by(3), passes(1)], settings: window },
    { kernel: 'conv2d.forward', tensors: [passes(1), by(5), null, y], settings: point },
  ];
  return { calls, x, y };
}

type Change = (calls: NativeSampleCall[], runtime: NativeRuntime) => unknown;

/** The calls with tensor `place` of call `call` exchanged. */
const withTensor = (calls: NativeSampleCall[], call: number, place: number, tensor: unknown) =>
  calls.map((one, i) => (i === call ? { ...one, tensors: one.tensors.with(place, tensor as NativeTensor) } : one));

describe('runBySample', () => {
  it('computes when nothing is wrong', () => {
    withRuntime((runtime) => {
      const { calls, y } = row(runtime);
      native.runBySample(runtime, calls);
      expect(valuesOf(y)).toEqual([15, 30]);
    });
  });

  const refusals: [string, string, string, Change][] = [
    [
      'no list',
      'ARGUMENT',
      'runBySample: expected (runtime, [{ kernel, tensors, settings }]), got other arguments',
      () => 7,
    ],
    [
      'a call without settings',
      'ARGUMENT',
      'runBySample: expected (runtime, [{ kernel, tensors, settings }]), got other arguments',
      (calls) => [calls[0], { ...calls[1], settings: undefined }],
    ],
    [
      'a kernel that does not go by samples',
      'ARGUMENT',
      'multiply.forward: expected a kernel that goes by samples, got one that does not',
      ([first], runtime) => {
        const x = floats(runtime, [1, 2]);
        return [first, { kernel: 'multiply.forward', tensors: [x, x, x], settings: {} }];
      },
    ],
    [
      'a weight that passes',
      'ARGUMENT',
      'conv2d.forward weight: expected memory, got a tensor that passes',
      (calls) => withTensor(calls, 1, 1, passes(2, [1, 1, 1, 1])),
    ],
    [
      'a passing tensor of bytes',
      'ARGUMENT',
      'max_pool2d.forward choice: expected memory, got a tensor that passes',
      ([first], runtime) => {
        const tensors = [first!.tensors[0]!, floats(runtime, [0, 0], shape), { passing: 1, dtype: 2, shape }];
        const window = {
          kernelH: 1,
          kernelW: 1,
          strideH: 1,
          strideW: 1,
          padTop: 0,
          padBottom: 0,
          padLeft: 0,
          padRight: 0,
        };
        return [
          { kernel: 'max_pool2d.forward', tensors, settings: { ...window, relu: 0, dilationH: 1, dilationW: 1 } },
        ];
      },
    ],
    [
      'a passing tensor that nothing wrote',
      'ARGUMENT',
      'conv2d.forward x: expected a tensor that was written, got one that passes from no call',
      (calls) => withTensor(calls, 1, 0, passes(2)),
    ],
    [
      'a number that is none',
      'ARGUMENT',
      'conv2d.forward x: expected passing from 1 to 16, got another value',
      (calls) => withTensor(calls, 1, 0, passes(17)),
    ],
    [
      'a passing tensor read larger than it was written',
      'SHAPE',
      'conv2d.forward x: expected the 1 values of a sample that pass, got 4',
      (calls) => withTensor(calls, 1, 0, passes(1, [2, 2, 2, 1])),
    ],
    [
      'a passing tensor written again, larger',
      'SHAPE',
      'conv2d.forward y: expected the 1 values of a sample that pass, got 4',
      (calls) => withTensor(calls, 1, 3, passes(1, [2, 2, 2, 1])),
    ],
    [
      'a weight that a call before it writes',
      'ARGUMENT',
      'conv2d.forward weight: expected memory that depthwise_conv2d.forward uses for the same samples or only reads, got other',
      (calls) => {
        const y = calls[1]!.tensors[3] as NativeTensor;
        const weight = { ...y, shape: [1, 1, 1, 1] };
        return withTensor(withTensor(withTensor(calls, 0, 2, y), 1, 0, y), 1, 1, weight);
      },
    ],
    [
      'another number of samples',
      'SHAPE',
      'conv2d.forward y: expected as many samples as in every tensor, at least 1, got 1',
      (calls, runtime) => withTensor(calls, 1, 3, floats(runtime, [1], [1, 1, 1, 1])),
    ],
    [
      'no samples',
      'SHAPE',
      'depthwise_conv2d.forward x: expected as many samples as in every tensor, at least 1, got 0',
      (calls) => withTensor(calls, 0, 0, { ...(calls[0]!.tensors[0] as NativeTensor), shape: [0, 1, 1, 1] }),
    ],
    [
      "shapes that the kernel's own check refuses",
      'SHAPE',
      'depthwise_conv2d: expected weight [kh, kw, 1, m], got 2 channels',
      (calls, runtime) => withTensor(calls, 0, 1, floats(runtime, [1, 2], [1, 1, 2, 1])),
    ],
  ];

  it.each(refusals)('refuses %s', (_name, code, message, change) => {
    withRuntime((runtime) => {
      const { calls, x, y } = row(runtime);
      const changed = change(calls, runtime) as NativeSampleCall[];
      expectRefusal(() => native.runBySample(runtime, changed), code, message);
      expect([...valuesOf(x), ...valuesOf(y)]).toEqual([1, 2, 7, 7]);
    });
  });

  it('refuses a tensor that passes where one kernel runs by itself', () => {
    withRuntime((runtime) => {
      const { calls } = row(runtime);
      const { kernel, tensors, settings } = calls[0]!;
      expectRefusal(
        () => native.run(runtime, kernel, tensors as NativeTensor[], settings),
        'ARGUMENT',
        'depthwise_conv2d.forward y: expected a native storage, got something else',
      );
    });
  });

  it.each([{ mode: 'atomic' }, { atomic: ['conv2d.weightGradient'] }] as const)(
    'refuses sums that are joined as they arrive: %o',
    (options) => {
      using runtime = createRuntime({ ...options, threads: 2 });
      expectRefusal(
        () => runtime.runBySample([]),
        'TARGET',
        'run by sample: expected the CPU in deterministic mode, got another target',
      );
    },
  );
});

describe('what is gathered', () => {
  const times = (x: NativeTensor, factor: NativeTensor, y: NativeTensor): NativeSampleCall[] => [
    { kernel: 'depthwise_conv2d.forward', tensors: [x, factor, y], settings: window },
  ];
  const one = [1, 1, 1, 1];

  it('goes with what comes behind it, and is done before anybody looks', () => {
    withRuntime((runtime) => {
      const [x, a, b] = [
        [1, 2],
        [0, 0],
        [0, 0],
      ].map((values) => floats(runtime, values, shape));
      const [three, five] = [floats(runtime, [3], one), floats(runtime, [5], one)];
      native.runBySample(runtime, times(x!, three, a!));
      native.runBySample(runtime, times(a!, five, b!));
      expect(valuesOf(b!)).toEqual([15, 30]);
      expect(valuesOf(a!)).toEqual([3, 6]);
    });
  });

  it('reads what was written last', () => {
    withRuntime((runtime) => {
      const [x, a, b, c] = [
        [1, 2],
        [0, 0],
        [0, 0],
        [0, 0],
      ].map((values) => floats(runtime, values, shape));
      const [three, five] = [floats(runtime, [3], one), floats(runtime, [5], one)];
      native.runBySample(runtime, times(x!, three, a!));
      native.runBySample(runtime, times(a!, five, b!));
      // This kernel makes no copy, which an earlier one must not stand in for.
      native.runBySample(runtime, [{ kernel: 'conv2d.inputGradient', tensors: [b!, five, a!], settings: point }]);
      native.runBySample(runtime, times(a!, three, c!));
      expect([a!, b!, c!].map(valuesOf)).toEqual([
        [75, 150],
        [15, 30],
        [225, 450],
      ]);
    });
  });

  it('is done before another kernel, on this thread or on a worker', async () => {
    const runtime = native.createRuntime('scalar', 'deterministic', 2);
    const [x, a, b] = [
      [1, 2],
      [0, 0],
      [0, 0],
    ].map((values) => floats(runtime, values, shape));
    for (const run of [native.run, native.runAsync]) {
      native.write(a!.storage, Float32Array.of(0, 0), 0);
      native.runBySample(runtime, times(x!, floats(runtime, [3], one), a!));
      await run(runtime, 'add.forward', [a!, x!, b!], {});
      expect(valuesOf(b!)).toEqual([4, 8]);
    }
    runtime.dispose();
  });

  it('reads what its tensors held when it was asked for', () => {
    withRuntime((runtime) => {
      const [x, y, factor] = [
        floats(runtime, [1, 2], shape),
        floats(runtime, [0, 0], shape),
        floats(runtime, [3], one),
      ];
      native.runBySample(runtime, times(x, factor, y));
      native.write(factor.storage, Float32Array.of(100), 0);
      expect(valuesOf(y)).toEqual([3, 6]);
    });
  });

  it('keeps the memory that it needs, and gives it back', () => {
    withRuntime((runtime) => {
      const before = runtime.memory().blocks;
      const [x, y, factor] = [
        floats(runtime, [1, 2], shape),
        floats(runtime, [0, 0], shape),
        floats(runtime, [3], one),
      ];
      native.runBySample(runtime, times(x, factor, y));
      x.storage.dispose();
      factor.storage.dispose();
      // Blocks that were free would be handed out again, and be overwritten.
      const others = [floats(runtime, [9, 9], shape), floats(runtime, [9], one)];
      expect(valuesOf(y)).toEqual([3, 6]);
      for (const { storage } of [y, ...others]) storage.dispose();
      expect(runtime.memory().blocks).toBe(before);
    });
  });

  // In each, a sample of the second call needs more of the first one than its own sample.
  it.each([
    {
      title: 'a weight that the call before it writes',
      second: (_x: NativeTensor, a: NativeTensor) => ({ ...a, shape: one, offset: 1 }),
      want: [6, 12],
    },
    {
      title: 'a weight that is a sum over the batch',
      first: 'depthwise_conv2d.weightGradient',
      second: (_x: NativeTensor, a: NativeTensor) => ({ ...a, shape: one }),
      want: [5, 10],
    },
  ])('does not go with $title', ({ first, second, want }) => {
    withRuntime((runtime) => {
      const [x, a, b] = [
        [1, 2],
        [0, 0],
        [0, 0],
      ].map((values) => floats(runtime, values, shape));
      native.runBySample(
        runtime,
        first === undefined
          ? times(x!, floats(runtime, [3], one), a!)
          : [{ kernel: first, tensors: [x!, x!, { ...a!, shape: one }], settings: window }],
      );
      native.runBySample(runtime, times(x!, second(x!, a!), b!));
      expect(valuesOf(b!)).toEqual(want);
    });
  });

  it('may be of other numbers of samples, and of more rows than can go together', () => {
    withRuntime((runtime) => {
      const three = floats(runtime, [1, 2, 3], [3, 1, 1, 1]);
      const thrice = floats(runtime, [0, 0, 0], [3, 1, 1, 1]);
      native.runBySample(runtime, times(three, floats(runtime, [3], one), thrice));
      // Each row begins with what the one before it gives.
      const [twice, once] = [floats(runtime, [2], one), floats(runtime, [1], one)];
      const results = [floats(runtime, [1, 3], shape)];
      for (let i = 0; i < 20; ++i) {
        const y = floats(runtime, [0, 0], shape);
        native.runBySample(runtime, [
          { kernel: 'depthwise_conv2d.forward', tensors: [results.at(-1)!, twice, passes(1)], settings: window },
          { kernel: 'conv2d.forward', tensors: [passes(1), once, null, y], settings: point },
        ]);
        results.push(y);
      }
      results.forEach((y, i) => {
        expect(valuesOf(y)).toEqual([2 ** i, 3 * 2 ** i]);
      });
      expect(valuesOf(thrice)).toEqual([3, 6, 9]);
    });
  });

  it.each([
    { title: 'nothing to memory that was let go meanwhile', early: true },
    { title: 'to memory that is kept', early: false },
  ])('writes $title', ({ early }) => {
    withRuntime((runtime) => {
      const values = Array.from({ length: 512 }, (_, i) => i);
      const wide = [2, 1, 1, 256];
      const alike = (value: number) => values.map(() => value);
      const [three, five] = [3, 5].map((factor) => floats(runtime, alike(factor).slice(256), [1, 1, 256, 1]));
      const [x, a, b] = [values, alike(7), alike(0)].map((all) => floats(runtime, all, wide));
      native.runBySample(runtime, times(x!, three!, a!));
      native.runBySample(runtime, times(a!, five!, b!));
      if (early) a!.storage.dispose();
      expect(valuesOf(b!)).toEqual(values.map((value) => 15 * value));
      a!.storage.dispose();
      // Blocks of that size are handed out again as they were left.
      const left = Array.from({ length: 8 }, () => ({ ...a!, storage: native.allocate(runtime, 4 * values.length) }));
      expect(left.some((block) => valuesOf(block).every((value) => value === 7))).toBe(early);
    });
  });

  it('is let go with its runtime', () => {
    const runtime = native.createRuntime('scalar', 'deterministic', 2);
    native.runBySample(runtime, row(runtime).calls);
    runtime.dispose();
  });
});

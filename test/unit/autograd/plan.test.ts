// The plan of memory: which values of small networks are freed once nobody reads them forward, and that gradients have the bits
// that they have with all values kept. Controls: an operation that names too little meets a freed tensor; one that names
// nothing keeps all.

import { afterAll, describe, expect, it } from 'vitest';
import { ElidedBuffer, type KernelCall, letGo, type Operation, record } from '../../../lib/autograd/index.js';
import { rematerialise } from '../../../lib/autograd/plan.js';
import {
  add,
  averagePool2d,
  batchNorm,
  batchNormStatistics,
  conv2d,
  createRuntime,
  gradients,
  maxPool2d,
  multiply,
  relu,
  scope,
  separableConv2d,
  sigmoid,
  type Tensor,
  tensor,
} from '../../../lib/index.js';
import { observeKernels } from '../../../lib/ops/index.js';
import { expectSameBits } from '../../support/bits.js';
import { drawInput } from '../../support/inputs.js';

const kSeed = 53;
const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

let stream = 0;
function draw(...shape: number[]): Tensor {
  stream += 1;
  return tensor(runtime, drawInput({ name: 'value', shape }, kSeed, stream).data, shape);
}

/** What a network computes, by name; the last is its output. The others are let go behind it, in their order. */
type Network = (x: Tensor, weight: Tensor) => Record<string, Tensor>;

interface Case {
  network: Network;
  /** Names of what is freed. */
  freed: string[];
  /** Default [2, 9, 8, 5]: too small for fused rows. */
  shape?: [number, number, number, number];
  /** Variables of the two given. Default both. */
  variables?: ('x' | 'weight')[];
}

const normal = (x: Tensor) =>
  batchNorm(x, batchNormStatistics(x), { gamma: null, beta: null }, { activation: 'relu', training: true });
const pool = (x: Tensor) => maxPool2d(x, { poolSize: 2 });
const wide = (x: Tensor) => maxPool2d(x, { poolSize: 16, strides: 1, padding: 'same' });
const mean = (x: Tensor) => averagePool2d(x, { poolSize: 2 });
const large: [number, number, number, number] = [2, 61, 57, 19];

/** x^3 outside of the library; it says what its gradient, 3 x^2, reads, or does not. */
function cube(x: Tensor, reads?: readonly Tensor[]): Tensor {
  const map = (change: (value: number) => number) => tensor(x.runtime, x.data().map(change), x.shape);
  const output = map((value) => value ** 3);
  const backward = (dy: Tensor) => [
    multiply(
      dy,
      map((value) => 3 * value ** 2),
    ),
  ];
  return record({ name: 'cube', inputs: [x], output, backward, ...(reads && { reads }) });
}

const cases: Record<string, Case> = {
  'a pooling masks the gradient of a relu before it, so that nobody reads its output': {
    network: (x, weight) => {
      const y = conv2d(x, weight, { activation: 'relu' });
      return { y, pooled: pool(y) };
    },
    freed: ['y'],
  },
  'a pooling whose windows are too large to note its choices reads what it pooled': {
    network: (x, weight) => {
      const y = conv2d(x, weight);
      return { y, pooled: wide(y) };
    },
    freed: [],
  },
  'a relu whose gradient comes unmasked reads its output': {
    network: (x, weight) => {
      const y = conv2d(x, weight, { activation: 'relu' });
      return { y, averaged: mean(y) };
    },
    freed: [],
  },
  'another activation reads its output whatever reads that': {
    network: (x, weight) => {
      const y = conv2d(x, weight, { activation: 'relu6' });
      return { y, pooled: pool(y) };
    },
    freed: [],
  },
  'a relu whose gradient is masked on one way only reads its output': {
    network: (x, weight) => {
      const y = conv2d(x, weight, { activation: 'relu' });
      return { y, both: add(pool(y), mean(y)) };
    },
    freed: [],
  },
  'a relu whose gradient is masked on two ways does not': {
    network: (x, weight) => {
      const y = conv2d(x, weight, { activation: 'relu' });
      return { y, both: add(pool(y), maxPool2d(y, { poolSize: [2, 1], strides: 2 })) };
    },
    freed: ['y'],
  },
  'what neither its maker nor its reader reads backward is freed, what one of them reads is not': {
    network: (x, weight) => {
      const y = conv2d(x, weight);
      const averaged = mean(y);
      const activated = sigmoid(averaged);
      const product = multiply(activated, averaged);
      return { y, averaged, activated, product, pooled: pool(product) };
    },
    freed: ['y', 'product'],
  },
  'a residual block keeps what its batch_norm and its projection read, and frees the rest': {
    network: (x, weight) => {
      const t = add(x, x);
      const normalized = normal(t);
      const y = conv2d(normalized, weight, { padding: 'same' });
      const pooled = pool(y);
      const projected = conv2d(t, weight, { padding: 'same', strides: 2 });
      const cut = conv2d(projected, weight);
      const total = add(pool(conv2d(pooled, weight)), pool(cut));
      return { t, normalized, y, pooled, projected, cut, total, averaged: mean(total) };
    },
    shape: [2, 18, 16, 5],
    freed: ['y', 'cut', 'total'],
  },
  'what batch_norm gave is rematerialised in the fused row of a gradient, and freed': {
    network: (x, weight) => {
      const normalized = normal(add(x, x));
      return { normalized, y: conv2d(normalized, weight) };
    },
    shape: large,
    freed: ['normalized'],
  },
  'so it is for a separable convolution': {
    network: (x, weight) => {
      const normalized = normal(add(x, x));
      const [, , c] = weight.shape as [number, number, number];
      const y = separableConv2d(normalized, weight.reshape([3, 3, c, c]), draw(1, 1, c * c, 3));
      return { normalized, y };
    },
    shape: [2, 61, 57, 5],
    variables: ['x'],
    freed: ['normalized'],
  },
  'what two gradients read is kept: computing it twice costs more': {
    network: (x, weight) => {
      const normalized = normal(add(x, x));
      return { normalized, y: add(conv2d(normalized, weight), conv2d(normalized, weight)) };
    },
    shape: large,
    freed: [],
  },
  'what nothing computes again is kept': {
    network: (x, weight) => {
      const doubled = add(x, x);
      return { doubled, y: conv2d(doubled, weight) };
    },
    shape: large,
    freed: [],
  },
  'so is what was computed before the first variable': {
    network: (x, weight) => {
      const normalized = normal(x);
      return { normalized, y: conv2d(normalized, weight) };
    },
    variables: ['weight'],
    shape: large,
    freed: [],
  },
  'what comes before the first variable is freed, unless a gradient reads it': {
    network: (x, weight) => {
      const doubled = add(x, x);
      const normalized = normal(doubled);
      const activated = relu(normalized);
      return { doubled, normalized, activated, y: conv2d(activated, weight) };
    },
    variables: ['weight'],
    freed: ['doubled', 'normalized'],
  },
  'an operation that does not say what its gradient reads keeps all': {
    network: (x, weight) => {
      const t = conv2d(x, weight);
      const y = cube(t);
      return { t, y, pooled: pool(y) };
    },
    freed: [],
  },
  'one that says it frees the rest': {
    network: (x, weight) => {
      const t = conv2d(x, weight);
      const y = cube(t, [t]);
      return { t, y, pooled: pool(y) };
    },
    freed: ['y'],
  },
};

/** The names of what was freed, and the gradients. */
function walked({ network, shape = [2, 9, 8, 5], variables = ['x', 'weight'] }: Case, how: { letGo: boolean }) {
  return scope(() => {
    stream = 0;
    const given = { x: draw(...shape), weight: draw(3, 3, shape[3], shape[3]) };
    const freed: string[] = [];
    let held = 0;
    const forward = () => {
      const values = Object.entries(network(given.x, given.weight));
      const loss = values.pop()![1];
      for (const [name, value] of how.letGo ? values : []) {
        letGo(value);
        if (value.disposed) freed.push(name);
      }
      held = runtime.memory().blocks;
      return { loss };
    };
    const { value, gradients: slopes } = gradients(
      forward,
      variables.map((name) => given[name]),
      draw(...scope(() => Object.values(network(given.x, given.weight)).at(-1)!.shape)),
    );
    const results = [value.loss.data(), ...slopes.map((slope) => slope!.data())];
    for (const slope of slopes) slope!.dispose();
    return { freed, held, results };
  });
}

describe('the plan of memory', () => {
  it.each(Object.entries(cases))('%s', (_, one) => {
    const kept = walked(one, { letGo: false });
    const planned = walked(one, { letGo: true });
    expect(planned.freed).toEqual(one.freed);
    expect(kept.held - planned.held).toBe(one.freed.length);
    planned.results.forEach((values, i) => {
      expectSameBits(`result ${i}`, values, kept.results[i]!);
    });
  });

  it('saves what would be rematerialised where kernels are watched, and so do not run in rows', () => {
    const one = cases['what batch_norm gave is rematerialised in the fused row of a gradient, and freed']!;
    observeKernels(runtime, () => {});
    try {
      expect(walked(one, { letGo: true }).freed).toEqual([]);
    } finally {
      observeKernels(runtime, null);
    }
  });

  it('frees at once without a tape, and never a variable', () => {
    scope(() => {
      const x = draw(4);
      letGo(x);
      expect(x.disposed).toBe(true);
      const variable = draw(4);
      const found = gradients(
        () => {
          const loss = add(variable, variable);
          letGo(variable);
          return { loss };
        },
        [variable],
        draw(4),
      );
      expect(variable.disposed).toBe(false);
      expect(found.gradients[0]).not.toBeNull();
    });
  });

  it('follows the innermost tape', () => {
    scope(() => {
      const [x, factor] = [draw(4), draw(4)];
      gradients(
        () => {
          const outer = multiply(x, factor);
          gradients(
            () => {
              const inner = multiply(factor, factor);
              const loss = multiply(inner, inner);
              letGo(inner);
              expect(inner.disposed).toBe(false);
              return { loss };
            },
            [factor],
            draw(4),
          );
          const loss = multiply(outer, outer);
          letGo(outer);
          expect(outer.disposed).toBe(false);
          return { loss };
        },
        [x],
        draw(4),
      );
    });
  });
});

describe('the walk backwards', () => {
  it('frees what an operation made for its gradient alone, also where no gradient comes', () => {
    scope(() => {
      const x = draw(4);
      const own = [draw(4), draw(4)] as const;
      const freed: boolean[][] = [];
      const operation = (name: string, input: Tensor, saves: readonly Tensor[]) => {
        const backward = (dy: Tensor) => {
          freed.push(own.map((each) => each.disposed));
          return [dy];
        };
        return record({ name, inputs: [input], output: draw(4), saves, backward });
      };
      const found = gradients(
        () => {
          const first = operation('first', x, []);
          const loss = operation('last', first, [own[0]]);
          operation('aside', first, [own[1]]);
          return { loss };
        },
        [x],
        draw(4),
      );
      // The walk comes to 'aside' first.
      expect(freed).toEqual([
        [false, true],
        [true, true],
      ]);
      expect(found.gradients[0]).not.toBeNull();
    });
  });
});

describe('a call of a row', () => {
  it('reads the tensor itself unless it was freed and can be computed again', () => {
    scope(() => {
      const [x, live, gone] = [draw(4), draw(4), draw(4)];
      gone.dispose();
      const call = (output: Tensor) => ({ kernel: 'add.forward', tensors: [x, x, output], settings: {} });
      const operation = (output: Tensor) => ({ name: 'add', inputs: [x], output, backward: () => [null] });
      const again = (tensor: Tensor, maker?: Operation) => {
        const row: KernelCall[] = [];
        return { read: rematerialise(maker, tensor, row), row };
      };
      expect(again(live, { ...operation(live), recompute: call(live) })).toEqual({ read: live, row: [] });
      expect(again(gone)).toEqual({ read: gone, row: [] });
      expect(again(gone, operation(gone))).toEqual({ read: gone, row: [] });
      const { read, row } = again(gone, { ...operation(gone), recompute: call(gone) });
      expect(read).toEqual(new ElidedBuffer([4]));
      expect(row).toEqual([{ ...call(gone), tensors: [x, x, read] }]);
    });
  });
});

describe('an operation that names too little', () => {
  const tooLittle = (how: { letGo: boolean }) => () =>
    walked(
      {
        network: (x, weight) => {
          const t = conv2d(x, weight);
          return { t, y: cube(t, []) };
        },
        freed: [],
      },
      how,
    );

  it('is refused where it reads a freed tensor, by its name', () => {
    const message =
      'cube: expected a gradient that reads only what its operation named, got one that reads a tensor that was freed';
    expect(tooLittle({ letGo: true })).toThrow(expect.objectContaining({ name: 'DisposedError', message }));
    expect(tooLittle({ letGo: false })).not.toThrow();
  });

  it('leaves other errors of a gradient as they are', () => {
    const failing = () =>
      gradients(() => {
        const x = variable;
        const fail = () => {
          throw new RangeError('no');
        };
        return { loss: record({ name: 'fails', inputs: [x], output: tensor(runtime, [1]), backward: fail }) };
      }, [variable]);
    const variable = tensor(runtime, [1]);
    expect(failing).toThrow(new RangeError('no'));
  });
});

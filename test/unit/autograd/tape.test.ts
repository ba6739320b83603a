// The tape by itself: gradients that meet, variables the loss does not know, what is refused, what is left of memory.
// plan.test.ts has what is freed before the end.

import { afterAll, describe, expect, it } from 'vitest';
import { isReluOutput, isWatched, record, sourcesOf } from '../../../lib/autograd/index.js';
import {
  add,
  createRuntime,
  dense,
  gradients,
  keep,
  multiply,
  relu,
  scope,
  sigmoid,
  sum,
  type Tensor,
  tensor,
} from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const numbers = (t: Tensor | null) => (t === null ? null : [...t.data()]);

describe('gradients', () => {
  it('of a variable that is read several times are added up', () => {
    const x = tensor(runtime, [1, 2, 3]);
    // x * x + x * x * x + x: 2x + 3x^2 + 1.
    const found = gradients(() => {
      const square = multiply(x, x);
      return { loss: sum(add(add(square, multiply(square, x)), x)) };
    }, [x]);
    expect(found.value.loss.item()).toBe(14 + 36 + 6);
    expect(numbers(found.gradients[0]!)).toEqual([6, 17, 34]);
    for (const each of [found.value.loss, ...found.gradients]) each?.dispose();
  });

  it('are in the order of the variables, null where the loss does not know one', () => {
    const [a, b, c] = [2, 3, 5].map((value) => tensor(runtime, [value])) as [Tensor, Tensor, Tensor];
    const found = gradients(() => ({ loss: multiply(a, b) }), [c, b, a, c]);
    expect(found.gradients.map(numbers)).toEqual([null, [2], [3], null]);
  });

  it('start from one, or from what is given, whatever the shape of the loss then is', () => {
    const x = tensor(runtime, [1, 2]);
    const square = () => ({ loss: multiply(x, x) });
    expect(numbers(gradients(square, [x], tensor(runtime, [10, 100])).gradients[0]!)).toEqual([20, 400]);
    expect(numbers(gradients(() => ({ loss: sum(multiply(x, x)) }), [x]).gradients[0]!)).toEqual([2, 4]);
    const message = 'gradients: expected a loss of one value, got [2]';
    expect(() => gradients(square, [x])).toThrow(expect.objectContaining({ message }));
  });

  it('leave nothing in memory but the values and themselves', () => {
    using own = createRuntime({ threads: 1 });
    const x = tensor(own, [1, 2, 3]);
    const dy = tensor(own, [1, 1, 1]);
    const before = own.memory().blocks;
    const found = gradients(
      () => {
        const kept = multiply(x, x);
        return { loss: add(multiply(kept, x), kept), kept };
      },
      [x],
      dy,
    );
    expect(numbers(found.value.kept)).toEqual([1, 4, 9]);
    expect(numbers(dy)).toEqual([1, 1, 1]);
    expect(own.memory().blocks).toBe(before + 3);
    for (const each of [found.value.loss, found.value.kept, found.gradients[0]!]) each.dispose();
    expect(own.memory().blocks).toBe(before);
  });

  it('belong to the scope around them, as every tensor does, unless it returns or keeps them', () => {
    using own = createRuntime({ threads: 1 });
    const x = tensor(own, [1, 2, 3]);
    const step = () => gradients(() => ({ loss: sum(multiply(x, x)) }), [x]);
    for (let i = 0; i < 3; ++i) {
      scope(() => {
        step();
      });
      expect(own.memory().blocks).toBe(1);
    }
    const returned = scope(() => scope(() => step().gradients[0]!));
    const kept = scope(() => keep(step().gradients[0]!).shape);
    expect([numbers(returned), kept]).toEqual([[2, 4, 6], [3]]);
    expect(own.memory().blocks).toBe(3);
  });

  it('of a loss that fails end with its error, and nothing stays open', () => {
    using own = createRuntime({ threads: 1 });
    const x = tensor(own, [1]);
    const before = own.memory().blocks;
    const failing = () => {
      multiply(x, x);
      throw new Error('no');
    };
    expect(() => gradients(failing, [x])).toThrow('no');
    expect([isWatched(x), own.memory().blocks]).toEqual([false, before]);
  });

  it('inside of gradients belong to the inner variables alone', () => {
    const [a, b] = [2, 3].map((value) => tensor(runtime, [value])) as [Tensor, Tensor];
    const outer = gradients(() => {
      const inner = gradients(() => ({ loss: multiply(multiply(b, b), a) }), [b]);
      return { loss: multiply(a, inner.gradients[0]!) };
    }, [a]);
    expect(numbers(outer.gradients[0]!)).toEqual([12]);
  });
});

describe('what an operation can ask of the tape', () => {
  it('is what has a gradient, what relu made and what a tensor came from, while the tape is open', () => {
    const [x, y] = [2, 3].map((value) => tensor(runtime, [value], [1, 1])) as [Tensor, Tensor];
    const told: unknown[] = [];
    gradients(() => {
      const product = multiply(x, y);
      const fused = dense(product, y, { activation: 'relu' });
      told.push([x, y, product].map(isWatched));
      // A relu of its own masks its gradient itself.
      told.push([fused, product, relu(product), x].map(isReluOutput));
      // dense has no bias, which is no source.
      told.push([product, fused, x].map((of) => sourcesOf(of).map((each) => [x, y, product].indexOf(each))));
      return { loss: fused };
    }, [x]);
    expect(told).toEqual([
      [true, false, true],
      [true, false, false, false],
      [[0, 1], [2, 1], []],
    ]);
    expect([isWatched(x), isReluOutput(x), sourcesOf(x)]).toEqual([false, false, []]);
  });
});

describe('a record', () => {
  const recorded = (more: (tensors: { x: Tensor; y: Tensor; other: Tensor }) => object) => () =>
    gradients(() => {
      const y = tensor(runtime, [4]);
      const x = variable;
      const operation = { name: 'square', inputs: [x], output: y, backward: () => [null] };
      return { loss: record({ ...operation, ...more({ x, y, other: tensor(runtime, [1]) }) }) };
    }, [variable]);
  const variable = tensor(runtime, [2]);
  const call = (tensors: Tensor[]) => ({ kernel: 'multiply.forward', tensors, settings: {} });

  it.each([
    ['reads to name inputs or output', recorded(({ other }) => ({ reads: [other] }))],
    ['rematerialises to name tensors of reads', recorded(({ x }) => ({ reads: [], rematerialises: [x] }))],
    [
      'recompute to name the output and tensors that stay for backward',
      recorded(({ x, y }) => ({ reads: [y], recompute: call([x, x, y]) })),
    ],
    [
      'recompute to name the output and tensors that stay for backward',
      recorded(({ x, y }) => ({ reads: [x], rematerialises: [x], recompute: call([x, x, y]) })),
    ],
    ['output to be a new tensor', recorded(({ x }) => ({ output: x }))],
    ['output to be a new tensor', recorded(({ x }) => ({ output: sigmoid(x) }))],
  ])('is refused that contradicts itself: %s', (expected, run) => {
    const got = expected.includes('new') ? 'one that is known' : 'another tensor';
    expect(run).toThrow(expect.objectContaining({ message: `square: expected ${expected}, got ${got}` }));
  });

  it('may give one gradient to several inputs, or a tensor that is not new', () => {
    const [a, b, c] = [2, 3, 5].map((value) => tensor(runtime, [value])) as [Tensor, Tensor, Tensor];
    // a + b, whose gradients are dy, and c * d with d = 7, whose gradient of c is d itself for a dy of 1.
    const d = tensor(runtime, [7]);
    const found = gradients(() => {
      const value = () => tensor(runtime, [1]);
      const total = record({ name: 'a', inputs: [a, b], output: value(), backward: (dy) => [dy, dy] });
      const scaled = record({ name: 'b', inputs: [c, d], output: value(), backward: () => [d, c] });
      return { loss: sum(add(add(total, total), add(scaled, a))) };
    }, [a, b, c]);
    expect(found.gradients.map(numbers)).toEqual([[3], [2], [7]]);
    for (const each of found.gradients) each?.dispose();
    expect([a, b, c, d].map(numbers)).toEqual([[2], [3], [5], [7]]);
  });

  it('without a gradient for an input ends the walk there', () => {
    const x = tensor(runtime, [2]);
    const stop = (of: Tensor) =>
      record({ name: 'stop', inputs: [of], output: tensor(runtime, [1]), backward: () => [null] });
    const found = gradients(() => ({ loss: add(stop(sigmoid(x)), x) }), [x]);
    expect(found.gradients.map(numbers)).toEqual([[1]]);
  });
});

// The tape by itself: gradients that meet, variables the loss does not know, what is refused, what is left of memory.

import { afterAll, describe, expect, it } from 'vitest';
import { isIntermediate, isRecording, isWatched, readersOf, sourcesOf } from '../../../lib/autograd/index.js';
import { add, createRuntime, gradients, multiply, sum, type Tensor, tensor } from '../../../lib/index.js';

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

  it('of a loss that fails end with its error, and nothing stays open', () => {
    using own = createRuntime({ threads: 1 });
    const x = tensor(own, [1]);
    const before = own.memory().blocks;
    const failing = () => {
      multiply(x, x);
      throw new Error('no');
    };
    expect(() => gradients(failing, [x])).toThrow('no');
    expect([isRecording(), isWatched(x), own.memory().blocks]).toEqual([false, false, before]);
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
  it('is who reads a tensor and what it came from, while the tape is open', () => {
    const [x, y] = [2, 3].map((value) => tensor(runtime, [value])) as [Tensor, Tensor];
    const told: unknown[] = [];
    gradients(() => {
      const product = multiply(x, y);
      const loss = add(product, multiply(product, product));
      told.push([isRecording(), isWatched(x), isWatched(y), isWatched(product)]);
      told.push([readersOf(product), readersOf(x), readersOf(loss)]);
      told.push([isIntermediate(product), isIntermediate(x), isIntermediate(y)]);
      told.push(
        sourcesOf(product).map((each) => [x, y].indexOf(each)),
        sourcesOf(x).length,
      );
      return { loss };
    }, [x]);
    expect(told).toEqual([[true, true, false, true], [2, 1, 0], [true, false, false], [0, 1], 0]);
    expect([isRecording(), isWatched(x), readersOf(x), isIntermediate(x), sourcesOf(x)]).toEqual([
      false,
      false,
      0,
      false,
      [],
    ]);
  });
});

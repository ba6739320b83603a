// Operations of the user's own: their gradient is taken as it is told, nothing inside is differentiated, and what does not fit is
// refused.

import { afterAll, describe, expect, it } from 'vitest';
import {
  add,
  type CustomOptions,
  createRuntime,
  custom,
  exp,
  gradients,
  layers,
  multiply,
  sequential,
  sum,
  type Tensor,
  tensor,
  weightsHash,
} from '../../../lib/index.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

/** x * exp(x), whose gradient is told as exp(x) + y. */
const options: CustomOptions = {
  name: 'xexp',
  forward: (x) => multiply(x, exp(x)),
  backward: (dy, [x], y) => [multiply(dy, add(exp(x!), y))],
};
const xexp = custom(options);
const x = () => tensor(runtime, [0.5, -1, 2]);

/** The gradient of the sum of an operation's result. */
function slope(operation: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): (number[] | null)[] {
  const { gradients: slopes } = gradients(() => ({ loss: sum(operation(...inputs)) }), inputs);
  return slopes.map((one) => one && [...one.data()]);
}

describe('custom', () => {
  it('computes forward as its operations do, and backward as it is told', () => {
    const plain = (one: Tensor) => multiply(one, exp(one));
    expect(xexp(x()).data()).toEqual(plain(x()).data());
    const [mine, theirs] = [slope(xexp, [x()]), slope(plain, [x()])];
    for (const [i, value] of mine[0]!.entries()) expect(Math.abs(value - theirs[0]![i]!)).toBeLessThan(1e-5);
    const other = custom({ ...options, backward: (dy) => [add(dy, dy)] });
    expect(slope(other, [x()])).toEqual([[2, 2, 2]]);
  });

  it('is part of a longer chain, takes several inputs, and null stands for no gradient', () => {
    const first = custom({ forward: (a, b) => multiply(a!, b!), backward: (dy, [, b]) => [multiply(dy, b!), null] });
    const chain = (a: Tensor, b: Tensor) => multiply(first(exp(a), b), b);
    const [a, b] = [x(), x()];
    const [ofA, ofB] = slope(chain as (...inputs: Tensor[]) => Tensor, [a, b]);
    const wantA = multiply(multiply(exp(a), b), b).data();
    for (const [i, value] of ofA!.entries()) expect(Math.abs(value / wantA[i]! - 1)).toBeLessThan(1e-6);
    // Only the second factor b counts.
    expect(ofB).toEqual([...multiply(exp(a), b).data()]);
  });

  it('frees what it computes on the way', () => {
    const made: Tensor[] = [];
    const noted = custom({
      forward: (one) => {
        made.push(exp(one));
        return multiply(one, made[0]!);
      },
      backward: (dy, [one]) => {
        made.push(exp(one!));
        return [multiply(dy, made[1]!)];
      },
    });
    slope(noted, [x()]);
    expect(made.map(({ disposed }) => disposed)).toEqual([true, true]);
  });

  it('trains in a layer of the user, with one bit pattern for any thread count', async () => {
    class Xexp extends layers.Layer {
      constructor() {
        super('xexp', {});
      }
      readonly kind = 'xexp';
      readonly kerasName = 'Xexp';
      computeOutputShape([shape]: readonly (readonly number[])[]) {
        return shape!;
      }
      call([one]: readonly Tensor[]) {
        return xexp(one!);
      }
    }
    const trained = async (threads: number, own: () => layers.Layer) => {
      using place = createRuntime({ threads });
      using net = sequential([
        layers.input({ shape: [3] }),
        layers.dense({ units: 4 }),
        own(),
        layers.dense({ units: 1 }),
      ]);
      net.compile({ runtime: place, loss: 'binaryCrossentropy:fromLogits=true', optimizer: 'adam', seed: 3 });
      await net.fit(
        {
          x: [
            [1, 2, 3],
            [0, 1, 0],
            [3, -1, 1],
          ],
          y: [0, 1, 1],
        },
        { epochs: 2, batchSize: 2 },
      );
      return weightsHash(net);
    };
    const one = await trained(1, () => new Xexp());
    expect(await trained(3, () => new Xexp())).toBe(one);
    expect(await trained(1, () => layers.activation({ activation: 'tanh' }))).not.toBe(one);
  });
});

describe('custom is refused', () => {
  const bad: [string, () => unknown, string][] = [
    [
      'without backward',
      () => custom({ forward: exp } as never),
      'custom: expected backward to be a function, got undefined',
    ],
    [
      'with another option',
      () => custom({ ...options, gradient: 1 } as never),
      "custom: expected options name, forward, backward, got 'gradient'",
    ],
    [
      'where forward gives an input',
      () => custom({ ...options, forward: (one) => one! })(x()),
      'xexp: expected forward to give a new tensor, got one of its inputs',
    ],
    [
      'where forward gives no tensor',
      () => custom({ ...options, forward: () => 3 as never })(x()),
      'xexp: expected forward to give a new tensor, got 3',
    ],
    [
      'where a gradient lacks',
      () => slope(custom({ ...options, backward: (_dy, _inputs, _output) => [] }), [x()]),
      'xexp: expected backward to give a list of 1 gradients, got 0',
    ],
    [
      'where a gradient is none',
      () => slope(custom({ ...options, backward: () => [3 as never] }), [x()]),
      'xexp: expected gradient 0 to be a tensor or null, got 3',
    ],
    [
      'where a gradient has another shape',
      () => slope(custom({ ...options, backward: (dy) => [sum(dy)] }), [x()]),
      'xexp: expected gradient 0 [3], got []',
    ],
  ];
  it.each(bad)('%s', (_, act, message) => {
    expect(act).toThrow(expect.objectContaining({ message }));
  });
});

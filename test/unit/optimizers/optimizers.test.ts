// Optimizers: steps worked out by hand with the rounding of floats, defaults of Keras 3, and what is refused.

import { afterAll, describe, expect, it } from 'vitest';
import { wording } from '../../../lib/errors/index.js';
import { createRuntime, optimizers, tensor, zeros } from '../../../lib/index.js';

const { rmsprop, sgd } = optimizers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const f = Math.fround;

/** A weight of 1 after steps along these gradients. */
function walk(optimizer: optimizers.Optimizer, gradients: readonly number[]): number[] {
  const weight = tensor(runtime, [1]);
  const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, zeros(runtime, [1])]));
  return gradients.map((gradient) => {
    optimizer.update(weight, tensor(runtime, [gradient]), slots);
    return weight.item();
  });
}

describe('sgd', () => {
  it('moves against the gradient', () => {
    const lr = f(0.01);
    const first = f(1 - f(lr * 0.5));
    expect(walk(sgd(), [0.5, -0.25])).toEqual([first, f(first - f(lr * -0.25))]);
  });

  it('with momentum goes on in the old direction, and looks ahead with nesterov', () => {
    const [lr, m] = [f(0.1), f(0.9)];
    const v1 = f(f(m * 0) - f(lr * 0.5));
    const w1 = f(1 + v1);
    const v2 = f(f(m * v1) - f(lr * 0.25));
    expect(walk(sgd({ learningRate: 0.1, momentum: 0.9 }), [0.5, 0.25])).toEqual([w1, f(w1 + v2)]);
    const ahead = (w: number, v: number, g: number) => f(f(w + f(m * v)) - f(lr * g));
    const n1 = ahead(1, v1, 0.5);
    expect(walk(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }), [0.5, 0.25])).toEqual([
      n1,
      ahead(n1, v2, 0.25),
    ]);
  });
});

describe('rmsprop', () => {
  const [lr, rho, epsilon] = [f(0.001), f(0.9), f(1e-7)];
  const rest = f(1 - rho);
  const sqrt = (x: number) => f(Math.sqrt(x));

  it('divides by the root of the running mean square, with epsilon inside the root', () => {
    let [v, w] = [0, 1];
    const want = [0.5, -0.25, 1e-6].map((g) => {
      const gradient = f(g);
      v = f(f(rho * v) + f(rest * f(gradient * gradient)));
      w = f(w - f(f(lr * gradient) / sqrt(f(v + epsilon))));
      return w;
    });
    expect(walk(rmsprop(), [0.5, -0.25, 1e-6])).toEqual(want);
  });

  it('centered takes the variance, and momentum adds steps up', () => {
    let [v, a, b, w] = [0, 0, 0, 1];
    const m = f(0.5);
    const want = [0.5, -0.25].map((g) => {
      v = f(f(rho * v) + f(rest * f(g * g)));
      a = f(f(rho * a) + f(rest * g));
      b = f(f(m * b) + f(f(lr * g) / sqrt(f(f(v - f(a * a)) + epsilon))));
      w = f(w - b);
      return w;
    });
    expect(walk(rmsprop({ centered: true, momentum: 0.5 }), [0.5, -0.25])).toEqual(want);
  });

  it('remembers only what its options need', () => {
    expect(rmsprop().slots).toEqual(['velocity']);
    expect(rmsprop({ momentum: 0.1, centered: true }).slots).toEqual(['velocity', 'momentum', 'average']);
    expect([sgd().slots, sgd({ momentum: 0.1 }).slots]).toEqual([[], ['momentum']]);
  });

  it('has the defaults of Keras', () => {
    const { settings } = rmsprop();
    const numbers = { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7 };
    expect(settings).toEqual({ ...numbers, epsilonPlace: 'inside', centered: false });
    expect(sgd().settings).toEqual({ learningRate: 0.01, momentum: 0, nesterov: false, velocityOf: 'steps' });
  });
});

it('a schedule is asked once a step, however many weights there are, and again when it is changed', () => {
  const asked: number[] = [];
  const own = { name: 'own', rate: (step: number) => asked.push(step) };
  const optimizer = sgd({ learningRate: own });
  const move = (step: number) => optimizer.update(tensor(runtime, [1]), tensor(runtime, [1]), {}, step);
  for (const step of [0, 0, 0, 1, 1]) move(step);
  optimizer.learningRate = own;
  move(1);
  expect(asked).toEqual([0, 1, 1]);
});

describe('what is refused', () => {
  const common = 'weightDecay, weightDecayForm, clipnorm, globalClipnorm, clipvalue, gradientAccumulationSteps';
  const bad: [() => unknown, string, string, string][] = [
    [() => sgd({ learningRate: -1 }), 'sgd', 'learningRate to be a number >= 0', '-1'],
    [() => sgd({ momentum: 2 }), 'sgd', 'momentum to be in [0, 1]', '2'],
    [() => sgd({ nesterov: 'yes' as never }), 'sgd', 'nesterov to be true or false', "'yes'"],
    [() => sgd({ lr: 1 } as never), 'sgd', `options learningRate, momentum, nesterov, velocityOf, ${common}`, "'lr'"],
    [() => rmsprop({ learningRate: Number.NaN }), 'rmsprop', 'learningRate to be a number >= 0', 'NaN'],
    [() => rmsprop({ rho: 1.5 }), 'rmsprop', 'rho to be in [0, 1]', '1.5'],
    [() => rmsprop({ epsilon: -1e-7 }), 'rmsprop', 'epsilon to be a number >= 0', '-1e-7'],
    [
      () => rmsprop({ epsilonPlace: 'under' as never }),
      'rmsprop',
      "epsilonPlace to be one of 'inside', 'outside'",
      "'under'",
    ],
    [() => rmsprop({ centered: 1 as never }), 'rmsprop', 'centered to be true or false', '1'],
    [
      () => rmsprop({ decay: 0 } as never),
      'rmsprop',
      `options learningRate, rho, momentum, epsilon, epsilonPlace, centered, ${common}`,
      "'decay'",
    ],
  ];
  it.each(bad)('%#', (make, who, expected, got) => {
    expect(make).toThrow(expect.objectContaining({ message: wording({ who, expected, got }) }));
  });
});

// Ten steps of every optimizer against Keras 3 and PyTorch (optimizer_steps.py), with weight decay, limits of gradients and a rate
// that changes. Both round in another order than we do, so the difference is held, not the bits.

import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, full, optimizers, schedules, tensor } from '../../lib/index.js';
import { expectClose } from '../support/bits.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

interface Drawn {
  version: string;
  first: number[][];
  gradients: number[][][];
}
interface Sample {
  optimizer: string;
  options: Record<string, unknown>;
  weights: number[][];
}

const makers = new Map(
  Object.values(optimizers)
    .filter((one) => typeof one === 'function' && 'makes' in one)
    .map((make) => [make.makes.className, make as (options: object) => optimizers.Optimizer]),
);

/** Rates of which the second holds from the sixth step on. */
const rateOf = (rate: unknown) =>
  Array.isArray(rate) ? schedules.piecewiseConstantDecay({ boundaries: [4], values: rate }) : rate;

/** Both weights after the last step, as a model takes it. */
function walk(optimizer: optimizers.Optimizer, { first, gradients }: Drawn): number[][] {
  const weights = first.map((values) => tensor(runtime, values));
  const slots = weights.map(({ shape }) =>
    Object.fromEntries(optimizer.slots.map((slot) => [slot, full(runtime, shape, optimizer.initial?.[slot] ?? 0)])),
  );
  gradients.forEach((drawn, step) => {
    const slopes = drawn.map((values) => tensor(runtime, values));
    const clip = optimizer.clip?.(slopes);
    weights.forEach((weight, i) => {
      optimizer.update(weight, clip?.(slopes[i]!) ?? slopes[i]!, slots[i]!, step);
    });
  });
  return weights.map((weight) => [...weight.data()]);
}

describe.each(['keras', 'torch'])('%s', (judge) => {
  const file = new URL(`./fixtures/optimizer_steps_${judge}.jsonl`, import.meta.url);
  const [drawn, ...samples] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line)) as [Drawn, ...Sample[]];
  const made = ({ optimizer, options }: Sample) =>
    makers.get(optimizer)!({ ...options, learningRate: rateOf(options['learningRate']) });
  const rows = samples.map((sample) => [sample.optimizer, JSON.stringify(sample.options), sample] as const);

  it.each(rows)('%s %s', (_name, _options, sample) => {
    walk(made(sample), drawn).forEach((values, i) => {
      expectClose(`weight ${i}`, Float32Array.from(values), Float32Array.from(sample.weights[i]!), 2e-5);
    });
  });

  it.each(rows.filter(([, options]) => options !== '{"learningRate":0.1}'))(
    '%s %s is not what it is without these options',
    (_name, _options, sample) => {
      const plain = walk(makers.get(sample.optimizer)!({ learningRate: 0.1 }), drawn);
      const same = () =>
        expectClose('weights', Float32Array.from(plain[0]!), Float32Array.from(sample.weights[0]!), 2e-5);
      // A limit that no gradient reaches changes nothing; an epsilon of PyTorch's size is lost in rounding.
      if (/globalClipnorm":100|"rho":0.9,|1e-10|"epsilon":1e-8,"epsilonForm"/.test(JSON.stringify(sample.options)))
        return;
      expect(same).toThrow();
    },
  );

  it('has every optimizer', () => {
    const known = judge === 'keras' ? [...makers.keys()] : ['SGD', 'RMSprop', 'Adam', 'AdamW', 'Adagrad', 'Adadelta'];
    expect([...new Set(samples.map(({ optimizer }) => optimizer))].sort()).toEqual(known.sort());
  });
});

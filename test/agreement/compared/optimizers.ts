// Ten steps of every optimizer against Keras 3 and PyTorch (optimizer_steps.py), with weight decay, limits of gradients and a rate
// that changes.

import { readFileSync } from 'node:fs';
import { full, optimizers, type Runtime, schedules, tensor } from '../../../lib/index.js';
import type { Compared } from './compared.js';

interface Drawn {
  version: string;
  first: number[][];
  gradients: number[][][];
}
export interface StepSample {
  optimizer: string;
  options: Record<string, unknown>;
  weights: number[][];
}
type Optimizer = ReturnType<typeof optimizers.sgd>;

/** How each optimizer is made, by its class in Keras. */
export const makers = new Map(
  Object.values(optimizers)
    .filter((one) => typeof one === 'function' && 'makes' in one)
    .map((make) => [make.makes.className, make as (options: object) => Optimizer]),
);

/** The steps of one library, and what they came to. */
export function stepsOf(judge: 'keras' | 'torch'): { drawn: Drawn; samples: StepSample[] } {
  const file = new URL(`../fixtures/optimizer_steps_${judge}.jsonl`, import.meta.url);
  const [drawn, ...samples] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line)) as [Drawn, ...StepSample[]];
  return { drawn, samples };
}

/** Rates of which the second holds from the sixth step on. */
const rateOf = (rate: unknown) =>
  Array.isArray(rate) ? schedules.piecewiseConstantDecay({ boundaries: [4], values: rate }) : rate;

/** The optimizer of a sample. */
export const optimizerOf = ({ optimizer, options }: StepSample): Optimizer =>
  makers.get(optimizer)!({ ...options, learningRate: rateOf(options['learningRate']) });

/** Both weights after the last step, as a model takes it. */
export function walk(runtime: Runtime, optimizer: Optimizer, { first, gradients }: Drawn): number[][] {
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

export const optimizersCompared = (runtime: Runtime, judge: 'keras' | 'torch'): Compared[] => {
  const { drawn, samples } = stepsOf(judge);
  return samples.map((sample) => ({
    part: sample.optimizer,
    title: `${sample.optimizer} ${JSON.stringify(sample.options)}`,
    judge: drawn.version,
    pairs: () =>
      walk(runtime, optimizerOf(sample), drawn).map((got, i) => ({
        label: `weight ${i}`,
        got,
        theirs: Float32Array.from(sample.weights[i]!),
        tolerance: 2e-5,
      })),
  }));
};

/** The table of an optimizer's step: several steps in a row along one gradient, so that what the first remembers reaches the next. */
import { full, type Tensor, tensor } from '../../lib/index.js';
import type { OperationTable } from '../cases/case.js';

type Numbers = Record<string, number>;
type Arrays = Record<string, Float32Array>;

/** An optimizer's step three times over: as the library takes it, as the contract says it, and in float64, value by value. */
export interface StepRule<S> {
  op: string;
  /** What is remembered of each weight, with its first value. */
  slots: (settings: S) => Numbers;
  update: (weight: Tensor, gradient: Tensor, slots: Record<string, Tensor>, settings: S, step: number) => void;
  contract: (weight: Float32Array, gradient: Float32Array, slots: Arrays, settings: S, step: number) => void;
  judge: (state: Numbers & { w: number }, gradient: number, settings: S, step: number) => Numbers & { w: number };
  settings: readonly S[];
  tolerance: number;
}

const kSteps = 3;
const shapes = [[1], [17], [3, 5, 7], [16_411]];
const steps = Array.from({ length: kSteps }, (_, step) => step);

/** What a case says of its settings. */
const words = (settings: object) =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

export function stepTable<S extends object>(rule: StepRule<S>): OperationTable<S> {
  const one = (shape: readonly number[], settings: S) => ({
    name: `[${shape}] ${words(settings)}`,
    inputs: [
      { name: 'weight', shape },
      { name: 'gradient', shape },
    ],
    settings,
  });
  const each = <T>(values: Numbers, make: (value: number) => T) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]));
  return {
    op: rule.op,
    run: ([w, g], settings) => {
      const { runtime, shape } = w!;
      const weight = tensor(runtime, w!.data(), shape);
      const slots = each(rule.slots(settings), (value) => full(runtime, shape, value));
      for (const step of steps) rule.update(weight, g!, slots, settings, step);
      return weight;
    },
    judge: ([w, g], settings) => ({
      shape: w!.shape,
      data: w!.data.map((value, i) => {
        const first = { ...rule.slots(settings), w: value };
        return steps.reduce<typeof first>((state, step) => rule.judge(state, g!.data[i]!, settings, step), first).w;
      }),
    }),
    contract: {
      forward: ([w, g], settings) => {
        const weight = w!.data.slice();
        const slots = each(rule.slots(settings), (value) => new Float32Array(weight.length).fill(value));
        for (const step of steps) rule.contract(weight, g!.data, slots, settings, step);
        return { shape: w!.shape, data: weight };
      },
    },
    differentiable: [false, false],
    tolerance: rule.tolerance,
    cases: [
      ...rule.settings.flatMap((settings) => shapes.map((shape) => one(shape, settings))),
      { ...one([3, 3, 256, 256], rule.settings[0]!), bench: true },
    ],
  };
}

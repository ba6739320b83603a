// Losses over values, rows, classes and masks against Keras, from fixtures/keras_losses.json (keras_losses.py): each is read from Keras's
// own config.

import { readFileSync } from 'node:fs';
import { gradients, losses, lossFrom, ones, type Runtime, scope, tensor } from '../../../lib/index.js';
import type { Compared, Pair } from './compared.js';

interface Answer {
  config: { class_name: string };
  prediction: number[];
  target: number[];
  value: number;
  gradient: number[];
  /** Of outputs, and of targets, where they are other ones. */
  shape?: number[];
  targetShape?: number[];
}
const kept = JSON.parse(readFileSync(new URL('../fixtures/keras_losses.json', import.meta.url), 'utf8')) as {
  keras: string;
  shape: number[];
  losses: Record<string, Answer>;
};

/** The losses by name, as Keras's configs say them; it does not write delta into one. */
export const lossesKept = Object.entries(kept.losses).map(([name, answer]) => ({
  name,
  answer,
  loss: name === 'huber_delta' ? losses.huber({ delta: 0.25 }) : lossFrom(answer.config as never),
}));

export const lossesCompared = (runtime: Runtime): Compared[] =>
  lossesKept.map(({ name, loss, answer: { config, prediction, target, value, gradient, ...shapes } }) => ({
    part: config.class_name,
    title: name,
    judge: `Keras ${kept.keras}`,
    pairs: () =>
      scope((): Pair[] => {
        const { shape = kept.shape, targetShape = shape } = shapes;
        const [p, t] = [tensor(runtime, prediction, shape), tensor(runtime, target, targetShape)];
        const [dp] = gradients(() => ({ loss: loss.compute(p, t) }), [p], ones(runtime, [])).gradients;
        const slope = dp!.data();
        dp!.dispose();
        return [
          { label: 'value', got: [loss.compute(p, t).item()], theirs: [value], tolerance: 2e-6 },
          { label: 'gradient', got: slope, theirs: gradient, tolerance: 5e-6 },
        ];
      }),
  }));

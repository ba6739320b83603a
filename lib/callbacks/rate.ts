/** The learning rate of a model that a callback changes. */
import { ArgumentError, show } from '../errors/index.js';
import type { Model } from '../models/index.js';

/** Throws ArgumentError for an optimizer without a rate, or with a schedule, which says every rate itself. */
export function expectRate(who: string, { optimizer }: Model): void {
  if (typeof optimizer.learningRate === 'number') return;
  const got = optimizer.learningRate === undefined ? `${show(optimizer.name)} without one` : 'a schedule';
  throw new ArgumentError({ who, expected: 'an optimizer whose learningRate is a number', got });
}

/** The rate of the next step, rounded to float32 as Keras keeps it. */
export const currentRate = (model: Model): number => model.learningRate!;

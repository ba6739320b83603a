// The ranges of every optimizer's options, at their ends and right outside of them, and what `optimizer` takes.

import { describe, expect, it } from 'vitest';
import { show } from '../../../lib/errors/index.js';
import { type Optimizer, optimizerOption, rmsprop, sgd } from '../../../lib/optimizers/index.js';

const share = { bounds: [0, 1], words: 'in [0, 1]' } as const;
const size = { bounds: [0, 1e6], words: 'a number >= 0' } as const;

const ranges = [
  ['sgd', sgd, 'learningRate', size],
  ['sgd', sgd, 'momentum', share],
  ['rmsprop', rmsprop, 'learningRate', size],
  ['rmsprop', rmsprop, 'rho', share],
  ['rmsprop', rmsprop, 'momentum', share],
  ['rmsprop', rmsprop, 'epsilon', size],
] as const;

describe.each(ranges)('%s', (who, make, name, { bounds, words }) => {
  const made = (value: unknown) => (make as (options: object) => Optimizer)({ [name]: value });

  it.each(bounds)(`takes ${name} %d`, (value) => {
    expect(made(value).settings[name]).toBe(value);
  });

  const outside = [-1e-9, Number.NaN, Number.POSITIVE_INFINITY, '0.5', ...(bounds[1] === 1 ? [1.000001] : [])];
  it.each(outside)(`refuses ${name} %s`, (value) => {
    const message = `${who}: expected ${name} to be ${words}, got ${show(value)}`;
    expect(() => made(value)).toThrow(expect.objectContaining({ message }));
  });
});

describe('an optimizer', () => {
  it.each(['sgd', 'rmsprop'] as const)('%s is found by its name, with its defaults', (name) => {
    const found = optimizerOption('compile', name);
    expect([found.name, found.settings]).toEqual([name, { sgd, rmsprop }[name]().settings]);
  });

  it('of the user is taken as it is', () => {
    const own = { name: 'own', settings: {}, slots: [], update: () => {} };
    expect(optimizerOption('compile', own)).toBe(own);
  });

  const notOne: unknown[] = [null, undefined, 3, '', [], {}, { update: 1 }, () => 0];
  it.each(notOne.map((value) => [show(value), value]))('is not %s', (got, value) => {
    const message = `compile: expected optimizer to be one of 'rmsprop', 'sgd', got ${got}`;
    expect(() => optimizerOption('compile', value as never)).toThrow(expect.objectContaining({ message }));
  });
});

// The ranges of every optimizer's options, at their ends and right outside of them, and what `optimizer` takes.

import { describe, expect, it } from 'vitest';
import { show } from '../../../lib/errors/index.js';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  nadam,
  type Optimizer,
  optimizerConfig,
  optimizerOption,
  rmsprop,
  sgd,
} from '../../../lib/optimizers/index.js';

const share = { bounds: [0, 1], words: 'in [0, 1]' } as const;
const beta = { bounds: [0, 0.999999], words: 'in [0, 1)' } as const;
const limit = { bounds: [1e-6, 1e6], words: 'a number > 0' } as const;
const size = { bounds: [0, 1e6], words: 'a number >= 0' } as const;

const ranges = [
  ['sgd', sgd, 'learningRate', size],
  ['sgd', sgd, 'momentum', share],
  ['rmsprop', rmsprop, 'learningRate', size],
  ['rmsprop', rmsprop, 'rho', share],
  ['rmsprop', rmsprop, 'momentum', share],
  ['rmsprop', rmsprop, 'epsilon', size],
  ['adadelta', adadelta, 'rho', share],
  ['adadelta', adadelta, 'epsilon', size],
  ['adagrad', adagrad, 'initialAccumulatorValue', size],
  ['adagrad', adagrad, 'epsilon', size],
  ...Object.entries({ adam, adamw, adamax, nadam }).flatMap(
    ([name, make]) =>
      [
        [name, make, 'beta1', beta],
        [name, make, 'beta2', beta],
        [name, make, 'epsilon', size],
      ] as const,
  ),
  ...Object.entries({ adadelta, adagrad, adam, adamw, adamax, nadam, rmsprop, sgd }).flatMap(
    ([name, make]) =>
      [
        [name, make, 'weightDecay', size],
        [name, make, 'clipnorm', limit],
        [name, make, 'globalClipnorm', limit],
        [name, make, 'clipvalue', limit],
      ] as const,
  ),
] as const;

describe.each(ranges)('%s', (who, make, name, { bounds, words }) => {
  const made = (value: unknown) => (make as (options: object) => Optimizer)({ [name]: value });

  it.each(bounds)(`takes ${name} %d`, (value) => {
    // What is off is not shown.
    if (name !== 'weightDecay' || value > 0 || who === 'adamw') expect(made(value).settings[name]).toBe(value);
    else expect(made(value).settings).not.toHaveProperty(name);
  });

  const above = bounds[1] > 1 ? [] : [bounds[1] === 1 ? 1.000001 : 1];
  const outside = [-1e-9, Number.NaN, Number.POSITIVE_INFINITY, '0.5', ...above, ...(bounds[0] > 0 ? [0] : [])];
  it.each(outside)(`refuses ${name} %s`, (value) => {
    const message = `${who}: expected ${name} to be ${words}, got ${show(value)}`;
    expect(() => made(value)).toThrow(expect.objectContaining({ message }));
  });
});

it.each(Object.entries({ sgd, adamw }))('%s takes one limit of the gradients', (name, make) => {
  const message = `${name}: expected one of clipnorm, globalClipnorm, clipvalue, got clipnorm and clipvalue`;
  expect(() => make({ clipnorm: 1, clipvalue: 1 })).toThrow(expect.objectContaining({ message }));
});

it('adamw without weight decay says so in its settings and in its config', () => {
  const plain = adamw({ weightDecay: 0 });
  expect(plain.settings).toMatchObject({ weightDecay: 0 });
  expect(optimizerOption('compile', optimizerConfig(plain)).settings).toEqual(plain.settings);
  expect(optimizerOption('compile', optimizerConfig(adamw())).settings).toEqual(adamw().settings);
  expect(adamw().settings).toMatchObject({ weightDecay: 0.004 });
});

describe('an optimizer', () => {
  const makers = { sgd, rmsprop, adam, adamw, adamax, nadam, adagrad, adadelta };
  it.each(Object.entries(makers))('%s is found by its name, with its defaults', (name, make) => {
    const found = optimizerOption('compile', name);
    expect([found.name, found.settings]).toEqual([name, make().settings]);
  });

  it('of the user is taken as it is', () => {
    const own = { name: 'own', settings: {}, slots: [], update: () => {} };
    expect(optimizerOption('compile', own)).toBe(own);
  });

  const notOne: unknown[] = [null, undefined, 3, '', [], {}, { update: 1 }, () => 0];
  it.each(notOne.map((value) => [show(value), value]))('is not %s', (got, value) => {
    const known = "'adadelta', 'adagrad', 'adam', 'adamax', 'adamw', 'nadam', 'rmsprop', 'sgd'";
    const message = `compile: expected optimizer to be one of ${known}, got ${got}`;
    expect(() => optimizerOption('compile', value as never)).toThrow(expect.objectContaining({ message }));
  });
});

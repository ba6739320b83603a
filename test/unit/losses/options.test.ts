// What `loss` and `metrics` take: names, and values that do what a loss or a metric does. Anything else is refused.

import { describe, expect, it } from 'vitest';
import { show } from '../../../lib/errors/index.js';
import * as losses from '../../../lib/losses/index.js';

const notOne: unknown[] = [null, undefined, 3, true, '', [], {}, { compute: 1, tally: 1 }, () => 0];

describe('a loss', () => {
  it.each(['binaryCrossentropy', 'categoricalCrossentropy'] as const)('%s is found by its name', (name) => {
    expect(losses.lossOption('compile', name).name).toBe(name);
  });

  it('of the user is taken as it is', () => {
    const own = { name: 'own', compute: () => null as never };
    expect(losses.lossOption('compile', own)).toBe(own);
  });

  it.each(notOne.map((value) => [show(value), value]))('is not %s', (got, value) => {
    const words = "'binaryCrossentropy', 'categoricalCrossentropy'";
    const message = `compile: expected loss to be one of ${words}, got ${got}`;
    expect(() => losses.lossOption('compile', value as never)).toThrow(expect.objectContaining({ message }));
  });

  it('takes no option that it does not know', () => {
    expect(() => losses.categoricalCrossentropy({ axis: 1 } as never)).toThrow(
      "categoricalCrossentropy: expected options fromLogits, clipped, got 'axis'",
    );
  });
});

describe('a metric', () => {
  it('of the user is taken as it is', () => {
    const own = { name: 'own', tally: () => ({ hits: 0, total: 0 }) };
    expect(losses.metricOption('compile', own, 1)).toBe(own);
  });

  it('called accuracy is called so in the logs; another one by its own name, or as it is told', () => {
    const called = (value: losses.MetricOption, width: number) => losses.metricOption('compile', value, width).name;
    expect([called('accuracy', 1), called('accuracy', 3)]).toEqual(['accuracy', 'accuracy']);
    expect([called('binaryAccuracy', 3), called('categoricalAccuracy:name=hits', 3)]).toEqual([
      'binaryAccuracy',
      'hits',
    ]);
  });

  it.each(notOne.map((value) => [show(value), value]))('is not %s', (got, value) => {
    const message = `compile: expected metrics to be one of 'accuracy', 'binaryAccuracy', 'categoricalAccuracy', got ${got}`;
    expect(() => losses.metricOption('compile', value as never, 1)).toThrow(expect.objectContaining({ message }));
  });
});

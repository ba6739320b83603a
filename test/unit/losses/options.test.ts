// What `loss` takes: names, and values that do what a loss does. Anything else is refused.

import { describe, expect, it } from 'vitest';
import { show } from '../../../lib/errors/index.js';
import * as losses from '../../../lib/losses/index.js';

const notOne: unknown[] = [null, undefined, 3, true, '', [], {}, { compute: 1 }, () => 0];

describe('a loss', () => {
  it.each(['binaryCrossentropy', 'categoricalCrossentropy'] as const)('%s is found by its name', (name) => {
    expect(losses.lossOption('compile', name).name).toBe(name);
  });

  it('of the user is taken as it is', () => {
    const own = { name: 'own', compute: () => null as never };
    expect(losses.lossOption('compile', own)).toBe(own);
  });

  it.each(notOne.map((value) => [show(value), value]))('is not %s', (got, value) => {
    const words =
      "'binaryCrossentropy', 'binaryFocalCrossentropy', 'categoricalCrossentropy', 'categoricalFocalCrossentropy', " +
      "'cosineSimilarity', 'dice', 'hinge', 'huber', 'klDivergence', 'meanAbsoluteError', 'meanSquaredError', " +
      "'sparseCategoricalCrossentropy', 'squaredHinge'";
    const message = `compile: expected loss to be one of ${words}, got ${got}`;
    expect(() => losses.lossOption('compile', value as never)).toThrow(expect.objectContaining({ message }));
  });

  it('takes no option that it does not know', () => {
    expect(() => losses.categoricalCrossentropy({ axis: 1 } as never)).toThrow(
      "categoricalCrossentropy: expected options fromLogits, clipped, labelSmoothing, got 'axis'",
    );
  });
});

// The power of a t-test, against scipy's noncentral t distribution (scipy_power.py made the values). Control: another level is seen.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { smallestEffect } from '../../lib/stats/index.js';
import { noncentralStudentBelow } from '../../lib/stats/power.js';

const [versions, ...lines] = readFileSync('test/agreement/fixtures/scipy_power.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const of = (kind: string) => lines.filter((line) => line.kind === kind);

describe('the power of a t-test', () => {
  it(`rests on the noncentral t distribution of scipy ${versions.scipy}`, () => {
    expect(of('below').length).toBeGreaterThan(25);
    for (const { t, df, delta, value } of of('below')) {
      const got = noncentralStudentBelow(t, df, delta);
      expect.soft(Math.abs(got - value) / value, `t ${t}, df ${df}, delta ${delta}`).toBeLessThan(1e-8);
    }
  });

  it('gives the smallest effect that is seen', () => {
    expect(of('effect')).toHaveLength(40);
    for (const { count, level, power, value } of of('effect')) {
      const got = smallestEffect(count, { level, power });
      expect.soft(Math.abs(got / value - 1), `n ${count}, level ${level}, power ${power}`).toBeLessThan(1e-10);
      expect(smallestEffect(count, { level: level / 2, power })).toBeGreaterThan(got);
    }
  });

  it.each([
    [() => smallestEffect(1), 'smallestEffect: expected count to be an integer >= 2, got 1'],
    [() => smallestEffect(5, { level: 0 }), 'smallestEffect: expected level to lie between 0 and 1, got 0'],
    [() => smallestEffect(5, { power: 0.01 }), 'smallestEffect: expected power above level, got 0.01 and 0.05'],
  ])('refuses what has no answer', (call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});

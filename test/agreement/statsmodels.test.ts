// Statistics against statsmodels: Holm's correction, the power of a t-test, t-tests with their intervals and analysis of variance, on 200
// drawn and degenerate sets each, to 1e-10 (statsmodels_samples.py made the answers). Controls: a set that is moved is seen.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anova, holm, oneSampleTTest, smallestEffect, studentInterval } from '../../lib/stats/index.js';
import { root } from '../architecture/sources.js';

type Numbers = Record<string, number>;
type Set =
  | { kind: 'holm'; values: number[]; found: number[] }
  | { kind: 'power'; count: number; effect: number; level: number; found: number }
  | { kind: 'one'; values: number[]; value: number; found: Numbers }
  | { kind: 'several'; groups: number[][]; found: Numbers };

const words: Numbers = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };
const [versions, ...sets] = readFileSync(join(root, 'test/agreement/fixtures/statsmodels.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line, (_, value) => words[value] ?? value)) as [Record<string, string>, ...Set[]];

/** Our numbers for what statsmodels tells, in its order. */
function ours(set: Set): number[] {
  switch (set.kind) {
    case 'holm':
      return holm(set.values);
    case 'power':
      return [smallestEffect(set.count, { level: set.level, power: set.found })];
    case 'one': {
      const { statistic, p, degreesOfFreedom, mean: estimate, standardError } = oneSampleTTest(set.values, set.value);
      const interval = studentInterval({ estimate, standardError, degreesOfFreedom });
      return [statistic, p, degreesOfFreedom, ...interval];
    }
    case 'several': {
      const { statistic, p } = anova(set.groups);
      return [statistic, p];
    }
  }
}

/** Their numbers; of a power the effect that has it. */
const theirs = (set: Set): number[] => (set.kind === 'power' ? [set.effect] : Object.values(set.found));

/** What a number is held to where it is a difference of larger ones: an end of an interval may lie near 0. */
const sizeOf = (set: Set): number => (set.kind === 'one' ? Math.max(...set.values.map(Math.abs)) : 0);

function disagreements(some: readonly Set[]): string[] {
  return some.flatMap((set) => {
    const [got, want] = [ours(set), theirs(set)];
    return want.flatMap((value, i) => {
      const isEnd = set.kind === 'one' && i > 2;
      const near = 1e-10 * (isEnd ? Math.max(sizeOf(set), Math.abs(value)) : Math.abs(value));
      return Object.is(got[i], value) || Math.abs(got[i]! - value) <= near
        ? []
        : [`${set.kind}: ${value}, got ${got[i]}`];
    });
  });
}

/** The set with its first number moved by a hundred-millionth. */
function moved(set: Set): Set {
  if (set.kind === 'holm') return { ...set, values: set.values.map((p) => Math.min(1, p * (1 - 1e-8))) };
  if (set.kind === 'power') return { ...set, effect: set.effect * (1 + 1e-8) };
  if (set.kind === 'one')
    return { ...set, values: set.values.map((value, i) => (i === 0 ? value * (1 + 1e-8) : value)) };
  return {
    ...set,
    groups: set.groups.map((group, i) => (i === 0 ? group.map((one, k) => (k === 0 ? one * (1 + 1e-8) : one)) : group)),
  };
}

describe(`statistics agree with statsmodels ${versions['statsmodels']} (scipy ${versions['scipy']}) to 1e-10`, () => {
  it.each(['holm', 'power', 'one', 'several'] as const)('%s', (kind) => {
    const own = sets.filter((set) => set.kind === kind);
    expect(own.length).toBeGreaterThanOrEqual(200);
    expect(disagreements(own)).toEqual([]);
  });

  it.each(['holm', 'power', 'one', 'several'] as const)('and would not, had %s another number in it', (kind) => {
    const own = sets.filter(
      (set) => set.kind === kind && !(set.kind === 'holm' && set.found.every((p) => p === 0 || p === 1)),
    );
    for (const set of own.slice(0, 10)) expect(disagreements([moved(set)])).not.toEqual([]);
  });
});

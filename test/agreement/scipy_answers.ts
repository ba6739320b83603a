// The samples of scipy_samples.py, with what scipy says of each beside what lib/stats says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  anova,
  bootstrapMean,
  cohensD,
  hedgesG,
  kruskalWallis,
  oneSampleTTest,
  populationStandardDeviation,
  standardDeviation,
} from '../../lib/stats/index.js';
import { root } from '../architecture/sources.js';
import { drawFrom } from '../support/fixtures.js';

type Numbers = Record<string, number | null>;

/** A sample for the one-sample t-test. */
interface One {
  kind: 'one';
  what: string;
  values: number[];
  value: number;
  scipy: Numbers;
}

interface Several {
  kind: 'several';
  what: string;
  groups: number[][];
  scipy: { anova: Numbers | null; kruskalWallis: Numbers | null; pair?: Numbers };
}

interface Bootstrap {
  kind: 'bootstrap';
  what: string;
  values: number[];
  seed: number;
  level: number;
  resamples: number;
  scipy: Numbers;
}

export type Sample = One | Several | Bootstrap;

const words: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

/** The versions line, and the samples, of what the script printed. */
export function parse(printed: string): { versions: Record<string, string>; samples: Sample[] } {
  const [versions, ...samples] = printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line, (key, value) => (key !== 'what' && value in words ? words[value] : value)));
  return { versions, samples };
}

/** Our answer for each number scipy gives; throws what the statistics throw. */
export function ours(sample: Sample): Record<string, Numbers> {
  if (sample.kind === 'one') {
    const { values, value } = sample;
    const { mean, sd, standardError, statistic, p } = oneSampleTTest(values, value);
    expect(standardDeviation(values)).toBe(sd);
    const effects = { cohensD: cohensD(values, value), hedgesG: values.length > 2 ? hedgesG(values, value) : null };
    const sdPopulation = populationStandardDeviation(values);
    return { one: { mean, sd, sdPopulation, standardError, statistic, p, ...effects } };
  }
  if (sample.kind === 'several') {
    const { statistic, p, etaSquared, omegaSquared } = anova(sample.groups);
    const [a, b] = sample.groups as [number[], number[]];
    return {
      anova: { statistic, p, etaSquared, omegaSquared },
      ...(sample.scipy.kruskalWallis && { kruskalWallis: ranked(sample.groups) }),
      ...(sample.scipy.pair && { pair: { cohensD: cohensD(a, b), hedgesG: hedgesG(a, b) } }),
    };
  }
  const { values, seed, level, resamples } = sample;
  const { estimate, low, high } = bootstrapMean(values, { draw: drawFrom(seed), level, resamples });
  return { bootstrap: { estimate, low, high } };
}

function ranked(groups: number[][]): Numbers {
  const { statistic, p, epsilonSquared } = kruskalWallis(groups);
  return { statistic, p, epsilonSquared };
}

const theirs = (sample: Sample): Record<string, Numbers> =>
  sample.kind === 'several'
    ? (Object.fromEntries(Object.entries(sample.scipy).filter(([, found]) => found)) as Record<string, Numbers>)
    : { [sample.kind]: sample.scipy };

const near = (got: number, want: number): boolean =>
  Object.is(got, want) || got === want || Math.abs(got - want) <= 1e-10 * Math.abs(want);

/** Every number that is further than 1e-10, relative, from scipy's. */
export function disagreements(samples: readonly Sample[]): string[] {
  return samples.flatMap((sample) => {
    const got = ours(sample);
    const want = theirs(sample);
    expect(Object.keys(got).sort(), sample.what).toEqual(Object.keys(want).sort());
    return Object.entries(want).flatMap(([test, numbers]) =>
      Object.entries(numbers)
        .filter(([name, value]) => !near(got[test]![name]!, value!))
        .map(([name, value]) => `${sample.kind} ${sample.what}: ${test} ${name} ${value}, got ${got[test]![name]}`),
    );
  });
}

/** What was kept of a run of the script. */
export const kept = parse(readFileSync(join(root, 'test/agreement/fixtures/scipy.jsonl'), 'utf8'));

// Statistics against scipy: random and degenerate samples, to 1e-10. What scipy says is kept in fixtures/scipy.jsonl, made
// by scipy_samples.py, so this is tested everywhere; where scipy is installed, it is asked again.

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { anova, kruskalWallis, oneSampleTTest } from '../../lib/stats/index.js';
import { root } from '../architecture/sources.js';
import { disagreements, kept, parse, type Sample } from './scipy_answers.js';

/** What is refused that scipy answers with NaN, an error of its own, or ranks that mean nothing. */
const refused: Record<string, string> = {
  'one NaN': 'oneSampleTTest: expected finite numbers, got NaN at index 1',
  'one infinite': 'oneSampleTTest: expected finite numbers, got Infinity at index 1',
  'one one value': 'oneSampleTTest: expected at least 2 numbers, got 1',
  'one NaN value': 'oneSampleTTest: expected value to be a finite number, got NaN',
  'several NaN': 'anova: expected finite numbers, got NaN at index 2',
  'several infinite': 'anova: expected finite numbers, got Infinity at index 2',
  'several one group': 'anova: expected at least two groups, got 1',
  'several an empty group': 'anova: expected at least one number, got none',
  'several only groups of one': 'anova: expected at least one group of more than one number, got 3 groups of one',
};
const nameOf = ({ kind, what }: Sample) => `${kind} ${what}`;
const answered = (samples: readonly Sample[]) => samples.filter((sample) => !(nameOf(sample) in refused));

/** The sample with its first number moved by a hundred-millionth of itself, or from 0. */
function moved(sample: Sample): Sample {
  const move = ([first, ...rest]: number[]) => [first! * (1 + 1e-8) || 1e-8, ...rest];
  return sample.kind === 'several'
    ? { ...sample, groups: sample.groups.map((group, i) => (i === 0 ? move(group) : group)) }
    : { ...sample, values: move(sample.values) };
}

const { numpy, scipy, python } = kept.versions;

describe(`statistics agree with scipy ${scipy} (numpy ${numpy}, Python ${python}) to 1e-10`, () => {
  const samples = answered(kept.samples);

  it(`on ${samples.length} samples`, () => {
    expect(samples.length).toBeGreaterThan(300);
    expect(disagreements(samples)).toEqual([]);
  });

  it('and would not if the first value of a sample were another by 1e-8', () => {
    const random = samples.filter(({ what }) => /\d$/.test(what));
    for (const kind of ['one', 'several', 'bootstrap']) {
      const some = random.filter((sample) => sample.kind === kind).slice(0, 10);
      for (const sample of some) expect(disagreements([moved(sample)]), nameOf(sample)).not.toEqual([]);
    }
  });

  it('but for what is refused', () => {
    const found = kept.samples.filter((sample) => nameOf(sample) in refused);
    expect(found.map(nameOf).sort()).toEqual(Object.keys(refused).sort());
    for (const sample of found) {
      const message = refused[nameOf(sample)]!;
      if (sample.kind === 'one') expect(() => oneSampleTTest(sample.values, sample.value)).toThrow(message);
      if (sample.kind !== 'several') continue;
      expect(() => anova(sample.groups)).toThrow(message);
      expect(() => kruskalWallis(sample.groups)).toThrow(message.replace('anova', 'kruskalWallis'));
    }
  });

  it('and where this scipy refuses to rank values that are all equal, and later ones give NaN', () => {
    const equal = samples.filter(({ kind, what }) => kind === 'several' && what === 'all equal');
    expect(equal.map(({ scipy }) => scipy['kruskalWallis'])).toEqual([null]);
    const nothing = { statistic: Number.NaN, p: Number.NaN, epsilonSquared: Number.NaN, degreesOfFreedom: 1 };
    expect(
      kruskalWallis([
        [1, 1],
        [1, 1],
      ]),
    ).toEqual(nothing);
  });
});

/** Why this Python cannot be asked; undefined if it can. */
function lacking(command: string): string | undefined {
  const { error, status } = spawnSync(command, ['-c', 'import scipy.stats']);
  if (error) return `it does not start (${error.message})`;
  return status === 0 ? undefined : 'it has no scipy';
}

describe.each(['python3', '/usr/bin/python3'])('the scipy of %s', (command) => {
  const reason = lacking(command);
  const name = 'is asked again, and agrees';
  if (reason !== undefined) {
    console.info(`agreement: the scipy of ${command} is not asked here: ${reason}`);
    it.skip(`${name}: ${reason}`, () => {});
    return;
  }
  it(name, () => {
    const { stdout, stderr } = spawnSync(command, ['test/agreement/scipy_samples.py'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    });
    expect(stderr).toBe('');
    const { versions, samples } = parse(stdout);
    expect(samples, JSON.stringify(versions)).toHaveLength(kept.samples.length);
    expect(disagreements(answered(samples))).toEqual([]);
  });
});

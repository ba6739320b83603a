// Plans: what they expand to, that a growing plan keeps the names of what it had, and each bad plan with its one error.

import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  configurationsOf,
  parsePlan,
  runStudy,
  type StudyTrial,
  shardOf,
  studyTrials,
} from '../../../lib/studies/index.js';
import { threadsOf } from '../../../lib/trials/worker.js';

const fixed = { data: 'synthetic', epochs: 1 };
const plan = (more: object = {}) =>
  parsePlan({
    name: 'thesis',
    fixed,
    factors: {
      model: ['keras_convnet', 'mini_xception'],
      seed: [0, 42],
      size: { small: { imageSize: 80 }, large: { imageSize: 180 } },
    },
    modes: { deterministic: 1, atomic: 2 },
    ...more,
  });

describe('a plan', () => {
  it('is every combination of its factors, so many times in each mode', () => {
    const trials = studyTrials(plan());
    expect(trials).toHaveLength(2 * 2 * 2 * 3);
    expect(trials.slice(0, 4).map(({ folder }) => folder)).toEqual([
      'trials/keras_convnet+0+small/deterministic-01',
      'trials/keras_convnet+0+small/atomic-01',
      'trials/keras_convnet+0+small/atomic-02',
      'trials/keras_convnet+0+large/deterministic-01',
    ]);
    const { options, configuration } = trials.at(-1)!;
    expect(configuration.labels).toEqual({ model: 'mini_xception', seed: '42', size: 'large' });
    expect(options).toMatchObject({ model: 'mini_xception', seed: 42, imageSize: 180, epochs: 1, mode: 'atomic' });
    expect(new Set(trials.map(({ folder }) => folder)).size).toBe(trials.length);
  });

  it('keeps the names of its trials when it grows', () => {
    const before = studyTrials(plan()).map(({ folder }) => folder);
    const grown = plan({
      factors: {
        model: ['lenet.mjs', 'keras_convnet', 'mini_xception'],
        seed: [7, 0, 42],
        size: { small: { imageSize: 80 }, large: { imageSize: 180 } },
      },
      modes: { deterministic: 2, atomic: 5 },
    });
    const after = new Set(studyTrials(grown).map(({ folder }) => folder));
    expect(before.filter((folder) => !after.has(folder))).toEqual([]);
  });

  it('gives drawn arrival and kernels that join as they arrive to the atomic trainings alone, each its own seed', () => {
    const trials = studyTrials(
      plan({
        fixed: { ...fixed, arrivalSeed: 5, atomic: ['conv2d.weightGradient'] },
        factors: { model: ['keras_convnet'] },
      }),
    );
    expect(trials.map(({ options: { mode, arrivalSeed, atomic } }) => [mode, arrivalSeed, atomic])).toEqual([
      ['deterministic', undefined, undefined],
      ['deterministic', 5, ['conv2d.weightGradient']],
      ['deterministic', 6, ['conv2d.weightGradient']],
    ]);
  });

  it('makes names of files of any label, apart where labels are', () => {
    const words = ['rmsprop:learningRate=1e-4', 'rmsprop:learningRate=1e-5', 'rmsprop/learningRate=1e-4', '..'];
    const names = configurationsOf(plan({ factors: { optimizer: words } })).map(({ name }) => name);
    expect(new Set(names).size).toBe(words.length);
    for (const name of names) expect(name).toMatch(/^[\w.=~-]{1,60}$/);
    expect(names).not.toContain('..');
  });

  it('is cut into shards that are all of it, none twice', () => {
    const trials = studyTrials(plan());
    for (const of of [1, 2, 5, 24, 40]) {
      const parts = Array.from({ length: of }, (_, i) => shardOf(trials, { index: i + 1, of }));
      expect(
        parts
          .flat()
          .map(({ folder }) => folder)
          .sort(),
      ).toEqual(trials.map(({ folder }) => folder).sort());
    }
  });

  it('shares the threads of the machine out among trials that run at once, two where sums arrive', () => {
    const [ordered, arriving] = studyTrials(plan());
    const shares = (trial: StudyTrial | undefined) => [1, 2, 4, 8].map((jobs) => threadsOf(trial!, jobs, 8));
    expect(shares(arriving)).toEqual([8, 4, 2, 2]);
    // Times beside those of atomic trainings are of as many threads.
    expect(shares(ordered)).toEqual([8, 4, 2, 2]);
    expect(shares(studyTrials(plan({ modes: { deterministic: 1 } }))[0])).toEqual([8, 4, 2, 1]);
    const drawn = studyTrials(plan({ fixed: { ...fixed, arrivalSeed: 1 } }));
    expect(drawn.slice(0, 2).map(shares)).toEqual([
      [8, 4, 2, 1],
      [8, 4, 2, 1],
    ]);
    const [given] = studyTrials(plan({ fixed: { ...fixed, threads: 3 } }));
    expect(threadsOf(given!, 4, 8)).toBe(3);
  });
});

describe('a plan that cannot be', () => {
  const bad: readonly [what: string, plan: object, message: string][] = [
    ['without a name', { name: '' }, "plan: expected name to be a name of letters, digits, spaces and . _ -, got ''"],
    [
      'without modes',
      { modes: {} },
      "plan: expected modes to be a number of trainings for 'deterministic', 'atomic' or both, got Object",
    ],
    [
      'of no trainings',
      { modes: { atomic: 0 } },
      'plan: expected modes.atomic to be a number of trainings, 1 to 999, got 0',
    ],
    ['of another mode', { modes: { fast: 1 } }, "plan: expected only known fields in modes, got 'fast'"],
    ['with another field', { seeds: [1] }, "plan: expected only known fields, got 'seeds'"],
    [
      'with an unknown factor',
      { factors: { sede: [1, 2] } },
      "plan: expected factors that are settings of trainings, or groups of settings by name, got 'sede' as a list",
    ],
    [
      'with an unknown setting',
      { fixed: { ...fixed, epoch: 3 } },
      "plan: expected fixed to hold settings of trainings (model, data, epochs, seed, ...), got 'epoch'",
    ],
    [
      'with an unknown setting in a group',
      { factors: { size: { small: { size: 3 } } } },
      "plan: expected factors.size.small to hold settings of trainings (model, data, epochs, seed, ...), got 'size'",
    ],
    [
      'that says where to write',
      { fixed: { ...fixed, out: 'x' } },
      "plan: expected fixed to hold settings of trainings (model, data, epochs, seed, ...), got 'out'; the study says it for each training",
    ],
    [
      'with a factor of one value twice',
      { factors: { seed: [1, 2, 1] } },
      "plan: expected every value of factor 'seed' once, got '1'",
    ],
    [
      'with an empty factor',
      { factors: { seed: [] } },
      'plan: expected factors.seed to be a list of one value or more, got []',
    ],
    [
      'with groups that set nothing',
      { factors: { size: { a: {}, b: {} } } },
      "plan: expected a factor 'size' that changes something, got none",
    ],
    [
      'with a setting twice',
      { factors: { model: ['keras_convnet'], epochs: [1, 2] } },
      "plan: expected setting 'epochs' in one place, got it in fixed and in factor 'epochs'",
    ],
    [
      'with groups for a setting',
      { factors: { seed: { a: { seed: 1 } } } },
      "plan: expected a list of values for factor 'seed', got an object",
    ],
    [
      'with a value that a setting cannot have',
      { factors: { model: ['keras_convnet'], seed: [-1] } },
      'plan keras_convnet+-1: expected seed to be an integer >= 0, got -1',
    ],
    ['without a model', { factors: {} }, 'plan all: expected model to be the name of a model, got undefined'],
    [
      'with two equal configurations',
      { factors: { model: ['keras_convnet'], size: { a: { imageSize: 90 }, b: { imageSize: 90 } } } },
      "plan: expected configurations that differ, got 'keras_convnet+a' and 'keras_convnet+b' with the same settings",
    ],
    [
      'with equal trials in two configurations',
      { factors: { model: ['keras_convnet'], arrivalSeed: [1, 3] } },
      "plan: expected configurations that differ, got 'keras_convnet+1' and 'keras_convnet+3' with the same settings",
    ],
    [
      'with names that differ in capitals',
      { factors: { model: ['keras_convnet'], size: { a: { imageSize: 90 }, A: { imageSize: 91 } } } },
      "plan: expected every configuration to have a name of its own, got 'keras_convnet+A'; names that differ in capital letters alone are one folder on some systems",
    ],
    [
      'whose atomic trainings end alike',
      { fixed: { ...fixed, threads: 1 }, factors: { model: ['keras_convnet'] } },
      'plan keras_convnet: expected threads to be 2 or more for atomic trainings, got 1; one thread always adds in the same order: give threads 2, or arrivalSeed to draw the order',
    ],
  ];
  it.each(bad)('is refused: %s', (_what, more, message) => {
    expect(() => studyTrials(plan(more))).toThrow(new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  });
});

describe('a shard', () => {
  it.each([
    [0, 3],
    [4, 3],
    [1.5, 3],
    [1, 0],
  ])('%s of %s is refused before anything is made', async (index, of) => {
    const out = join(tmpdir(), 'samebits-no-such-study');
    await expect(runStudy(plan(), { out, shard: { index, of } })).rejects.toThrow(
      `study shard: expected index/of with index from 1 to of, got ${index}/${of}`,
    );
    expect(existsSync(out)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { defineExperiment, parseDefinition, trainOptionsOf, trialsOf } from '../../lib/experiments/index.js';
import { argumentsOf } from '../../lib/settings/index.js';
import { definition } from '../support/fixtures.js';

const message = (changes: object) => {
  try {
    parseDefinition({ ...definition, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('a definition', () => {
  it('is accepted as it is', () => {
    expect(parseDefinition({ ...definition, threads: 2 })).toEqual({ ...definition, threads: 2 });
    expect(parseDefinition(JSON.parse(JSON.stringify({ ...definition, threads: 2, samples: 8 })))).toMatchObject({
      threads: 2,
      samples: 8,
    });
  });

  it.each([
    [{ epochs: 0 }, 'experiment: expected epochs to be an integer >= 1, got 0'],
    [{ epochs: 1.5 }, 'experiment: expected epochs to be an integer >= 1, got 1.5'],
    [{ batchSize: '32' }, "experiment: expected batchSize to be an integer >= 1, got '32'"],
    [{ runs: 1 }, 'experiment: expected runs to be an integer >= 2, got 1'],
    [{ seed: -1 }, 'experiment: expected seed to be an integer >= 0, got -1'],
    [{ model: '' }, "experiment: expected model to be the name of a model, got ''"],
    [{ device: 'gpu' }, "experiment: expected device to be one of 'cpu', 'cuda', got 'gpu'"],
    [{ isa: 'sse' }, "experiment: expected isa to be one of 'auto', 'scalar', 'avx2', 'avx512', 'neon', got 'sse'"],
    [{ threads: 0 }, 'experiment: expected threads to be an integer from 1 to 1024, got 0'],
    [{ explain: -1 }, 'experiment: expected explain to be an integer >= 0, got -1'],
    [{ threadCounts: [2, 2] }, 'experiment: expected threadCounts to be every number once, got [2, 2]'],
    [{ color: 1 }, "experiment: expected only known fields, got 'color'"],
    [{ modes: [] }, "experiment: expected modes to be one or both of 'deterministic' and 'atomic', each once, got []"],
    [
      { modes: ['atomic', 'atomic'] },
      "experiment: expected modes to be one or both of 'deterministic' and 'atomic', each once, got ['atomic', 'atomic']",
    ],
    [
      { modes: ['fast'] },
      "experiment: expected modes.0 to be one or both of 'deterministic' and 'atomic', each once, got 'fast'",
    ],
    [
      { atomic: ['conv2d.forward'] },
      "experiment: expected atomic to be kernels that join sums, each once, beside mode 'atomic', got ['conv2d.forward']",
    ],
    [
      { atomic: ['reduce.forward'], modes: ['deterministic'] },
      "experiment: expected atomic to be kernels that join sums, each once, beside mode 'atomic', got ['reduce.forward']",
    ],
    [
      { arrivalSeed: 4, modes: ['deterministic'] },
      "experiment: expected arrivalSeed to be an integer >= 0 beside mode 'atomic' and device 'cpu', got 4",
    ],
    [
      { arrivalSeed: 4, device: 'cuda' },
      "experiment: expected arrivalSeed to be an integer >= 0 beside mode 'atomic' and device 'cpu', got 4",
    ],
    [
      { threads: 1 },
      "experiment: expected threads to be an integer >= 2 beside mode 'atomic' on the CPU without an arrivalSeed, got 1",
    ],
  ])('refuses %j in one line that names the field', (changes, expected) => {
    expect(message(changes)).toBe(expected);
  });

  it.each([{ modes: ['deterministic'] }, { arrivalSeed: 1 }, { device: 'cuda' }])(
    'takes one thread beside %j, where runs are not meant to differ or can',
    (changes) => expect(message({ threads: 1, ...changes })).toBe('accepted'),
  );

  it('refuses what is not an object', () => {
    expect(() => parseDefinition(null)).toThrow('experiment: expected it to be');
  });
});

describe('trials', () => {
  it('take turns between the modes', () => {
    expect(trialsOf(definition).map((trial) => trial.folder)).toEqual([
      'deterministic-01',
      'atomic-01',
      'deterministic-02',
      'atomic-02',
    ]);
  });

  it('end with a deterministic run for each number of threads asked for', () => {
    const trials = trialsOf({ ...definition, runs: 2, threadCounts: [1, 4] });
    expect(trials.slice(4)).toEqual([
      { mode: 'deterministic', run: 1, threads: 1, folder: 'threads-01' },
      { mode: 'deterministic', run: 1, threads: 4, folder: 'threads-04' },
    ]);
    expect(trainOptionsOf({ ...definition, threads: 3 }, trials[4]!).threads).toBe(1);
  });

  it('are asked for on a command line that says every setting', () => {
    const line = argumentsOf(
      trainOptionsOf({ ...definition, threads: 3, explain: 2, threadCounts: [1] }, { mode: 'atomic' }, 'runs/a'),
    ).join(' ');
    expect(line).toBe(
      '--model keras_convnet --data synthetic --image-size 180 --epochs 2 --batch-size 32 --seed 1001 --device cpu ' +
        '--isa auto --mode atomic --threads 3 --damaged refuse --out runs/a',
    );
  });

  it('keep the weights of steps where they are compared and have a folder to keep them in', () => {
    const growing = parseDefinition({ ...definition, growthSteps: 12, threadCounts: [1] });
    const [compared, threaded] = [trialsOf(growing)[0]!, trialsOf(growing).at(-1)!];
    expect(argumentsOf(trainOptionsOf(growing, compared, 'place'))).toEqual(
      expect.arrayContaining(['--out', 'place', '--keep-steps', '12']),
    );
    for (const options of [
      trainOptionsOf(growing, threaded, 'place'),
      trainOptionsOf(growing, compared),
      trainOptionsOf({ ...growing, growthSteps: 0 }, compared, 'place'),
    ]) {
      expect(options).not.toHaveProperty('keepSteps');
    }
  });

  it('give sources to atomic trainings only, and each its own seed of arrival', () => {
    const sources = { ...definition, atomic: ['conv2d.weightGradient', 'reduce.forward'], arrivalSeed: 7 };
    const line = (mode: 'deterministic' | 'atomic', run: number) =>
      argumentsOf(trainOptionsOf(sources, { mode, run })).join(' ');
    expect(line('deterministic', 2)).toBe(argumentsOf(trainOptionsOf(definition, { mode: 'deterministic' })).join(' '));
    expect(line('atomic', 2)).toBe(
      '--model keras_convnet --data synthetic --image-size 180 --epochs 2 --batch-size 32 --seed 1001 --device cpu ' +
        '--isa auto --mode deterministic --atomic conv2d.weightGradient,reduce.forward --arrival-seed 8 --damaged refuse',
    );
    const whole = argumentsOf(trainOptionsOf({ ...definition, arrivalSeed: 7 }, { mode: 'atomic', run: 3 })).join(' ');
    expect(whole).toContain('--mode atomic --arrival-seed 9');
  });
});

describe('defineExperiment', () => {
  it('has the defaults of samebits compare, and what is given in their place', () => {
    const asked = { model: 'keras_convnet', data: 'synthetic', threads: 2 };
    expect(defineExperiment(asked)).toEqual({
      ...asked,
      imageSize: 180,
      epochs: 10,
      batchSize: 32,
      seed: 1001,
      device: 'cpu',
      isa: 'auto',
      damaged: 'refuse',
      modes: ['deterministic', 'atomic'],
      runs: 3,
      explain: 4,
      growthSteps: 8,
    });
    const fewer = { ...asked, modes: ['deterministic' as const], runs: 2, explain: 0, epochs: 1 };
    expect(defineExperiment(fewer)).toMatchObject(fewer);
  });

  it('names the first field that does not fit', () => {
    expect(() => defineExperiment({ model: 'keras_convnet', data: 'synthetic', runs: 1 })).toThrow(
      'experiment: expected runs to be an integer >= 2, got 1',
    );
  });
});

// Reports of run folders: one training, several of one training, and different ones. The trainings are small but real.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileHash } from '../../../lib/files/index.js';
import { type TrainOptions, type TrainResult, train, writeReport } from '../../../lib/index.js';
import { small } from '../../determinism/trainings.js';
import { curveOf, readEvents } from '../../support/event_records.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-runs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...path: string[]) => join(folder, ...path);
const page = (out: string, name = 'report.html') => readFileSync(at(out, name), 'utf8');

/** Every file below a folder with its hash. */
const hashesIn = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [join(parentPath, name), fileHash(join(parentPath, name))]);

const results: Record<string, TrainResult> = {};
const changes: Record<string, Partial<TrainOptions>> = {
  first: {},
  second: { threads: 1, isa: 'scalar' },
  seeded: { seed: 2, epochs: 1 },
  atomic: { mode: 'atomic', arrivalSeed: 1 },
  atomicToo: { mode: 'atomic', arrivalSeed: 2 },
};
beforeAll(async () => {
  for (const [name, change] of Object.entries(changes)) {
    results[name] = await train({ ...small, ...change, out: at('runs', name) });
  }
});

const report = (out: string, ...names: string[]) =>
  writeReport({ runs: names.map((name) => at('runs', name)), out: at(out) });

/** A run folder with its result changed. */
function changed(name: string, change: (result: Record<string, unknown>) => void): string {
  cpSync(at('runs', 'first'), at('changed', name), { recursive: true });
  rmSync(at('changed', name, 'receipt.json'));
  const result = JSON.parse(readFileSync(at('runs', 'first', 'result.json'), 'utf8'));
  change(result);
  writeFileSync(at('changed', name, 'result.json'), JSON.stringify(result));
  return at('changed', name);
}

describe('the report of one training', () => {
  it('is a page with its curves, epochs and settings, and the files of all of them', async () => {
    const before = hashesIn(at('runs'));
    const written = await report('one', 'first');
    expect(written).toEqual({ page: at('one', 'report.html'), runs: ['first'], differing: [], verdicts: [] });
    expect(hashesIn(at('runs'))).toEqual(before);
    expect(readdirSync(at('one')).sort()).toEqual(['figures', 'report.html', 'tables', 'tensorboard']);
    const text = page('one');
    expect(text).toContain('<h1>keras_convnet: one training</h1>');
    expect(text).not.toMatch(/nondeterminism|bit pattern|<nav/);
    for (const { weightsHash } of results['first']!.epochs) expect(text).toContain(`title="${weightsHash}"`);
    const titles = ['Training loss', 'Validation loss', 'Training accuracy', 'Validation accuracy'];
    for (const title of titles) expect(text).toContain(`aria-label="${title} over the epochs"`);
    expect(text).toContain('npx samebits train --model keras_convnet --data synthetic --samples 12 --image-size 78');
    expect(text).not.toContain('--out');
    const { rows } = JSON.parse(readFileSync(at('one', 'tables', 'keras_convnet-epochs.json'), 'utf8'));
    const { epochs } = results['first']!;
    expect(rows).toEqual(epochs.map((epoch) => ({ ...epoch })));
    const [events] = readdirSync(at('one', 'tensorboard', 'first'));
    const curve = curveOf(readEvents(readFileSync(at('one', 'tensorboard', 'first', events!))), 'validation/loss');
    expect(curve).toEqual(epochs.map(({ epoch, valLoss }) => [epoch, Math.fround(valLoss!)]));
  });

  it('shows whatever was measured, and says nothing of accuracy or pictures where there are none', async () => {
    const run = changed('regression', (result) => {
      const settings = result['settings'] as Record<string, unknown>;
      delete settings['imageSize'];
      result['model'] = '../elsewhere/my net.mjs';
      result['predictionsHash'] = null;
      for (const epoch of result['epochs'] as Record<string, unknown>[]) {
        for (const name of ['accuracy', 'valLoss', 'valAccuracy']) delete epoch[name];
        epoch['meanAbsoluteError'] = 12.5;
      }
    });
    await writeReport({ runs: [run], out: at('regression') });
    const text = page('regression');
    expect(text).toContain('aria-label="Training mean absolute error over the epochs"');
    expect(text.replace(/<style>[\s\S]*<\/style>/, '')).not.toMatch(/accuracy|picture|validation/i);
    // A name of a file, wherever the name of the model would lead.
    const names = readdirSync(at('regression', 'tables'));
    expect(names.sort()).toEqual(
      ['cost', 'epochs'].flatMap((table) => [
        `elsewhere-my-net.mjs-${table}.csv`,
        `elsewhere-my-net.mjs-${table}.json`,
        `elsewhere-my-net.mjs-${table}.tex`,
      ]),
    );
  });
});

describe('the report of several runs of one training', () => {
  it('compares them, whatever their threads and instruction sets', async () => {
    const { verdicts, differing, runs } = await report('same', 'first', 'second');
    expect({ differing, runs }).toEqual({ differing: [], runs: ['first', 'second'] });
    const [, isa] = results['first']!.target.split('/');
    const name = `cpu/${isa === 'scalar' ? 'scalar' : `${isa}+scalar`}/deterministic`;
    const { parameters } = results['first']!;
    const weights = `${parameters.toLocaleString('en-US')} weights`;
    expect(verdicts).toEqual([
      `${name}: Both runs ended in the same ${weights} and the same predictions, bit for bit.`,
    ]);
    const text = page('same');
    expect(text).toContain('<h1>keras_convnet: 2 runs</h1>');
    expect(text).toContain('<span>first</span>');
    expect(text).toContain('seed 1001, 1, 2 threads');
    expect(readdirSync(at('same')).filter((file) => file.endsWith('.html'))).toEqual([
      'divergence.html',
      'report.html',
    ]);
  });

  it('compares the runs of each mode where each has several', async () => {
    const { verdicts } = await report('modes', 'first', 'second', 'atomic', 'atomicToo');
    expect(verdicts).toHaveLength(2);
    expect(verdicts[1]).toMatch(
      /^cpu\/\w+\/atomic: 2 runs ended in 2 different sets of 978,753 weights, apart since epoch 1;/,
    );
    expect(
      readdirSync(at('modes'))
        .filter((file) => file.endsWith('.html'))
        .sort(),
    ).toEqual([...['divergence.html', 'price.html', 'report.html', 'statistics.html']]);
    expect(page('modes', 'price.html')).toContain('The runs were not made side by side');
    expect(page('modes', 'statistics.html')).toContain('Each mode was run 2 times.');
  });

  it('compares all of them with each other where a mode has one alone', async () => {
    const { verdicts } = await report('mixed', 'first', 'atomic');
    expect(verdicts).toEqual([
      expect.stringMatching(
        /^cpu\/\w+\/mixed: 2 runs ended in 2 different sets of 978,753 weights, apart since epoch 1;/,
      ),
    ]);
    expect(page('mixed', 'divergence.html')).not.toContain('atomic runs');
  });
});

describe('the report of different trainings', () => {
  it('says in what they differ and shows them side by side, without a word on bits', async () => {
    const written = await report('different', 'first', 'seeded');
    const sentence =
      'These are different trainings: they differ in epochs and seed. Other weights are to be expected, and nothing here ' +
      'says anything of nondeterminism.';
    expect(written.verdicts).toEqual([sentence]);
    expect(written.differing).toEqual([
      { name: 'epochs', values: ['2', '1'] },
      { name: 'seed', values: ['1001', '2'] },
    ]);
    const text = page('different');
    expect(text).toContain(sentence);
    expect(text).not.toContain('bit pattern');
    expect(readdirSync(at('different')).filter((file) => file.endsWith('.html'))).toEqual(['report.html']);
    const { rows } = JSON.parse(readFileSync(at('different', 'tables', 'runs-last-epoch.json'), 'utf8'));
    expect(rows.map((row: { run: string; weightsHash: string }) => [row.run, row.weightsHash])).toEqual(
      ['first', 'seeded'].map((name) => [name, results[name]!.weightsHash]),
    );
    expect(readdirSync(at('different', 'tensorboard')).sort()).toEqual(['first', 'seeded']);
  });

  it('calls runs of one name by the folders above', async () => {
    mkdirSync(at('copies'));
    cpSync(at('runs', 'seeded'), at('copies', 'first'), { recursive: true });
    const runs = [at('runs', 'first'), at('copies', 'first'), at('runs', 'first')];
    expect((await writeReport({ runs, out: at('named') })).runs).toEqual(['runs/first', 'copies/first']);
    expect(readdirSync(at('named', 'tensorboard')).sort()).toEqual(['copies-first', 'runs-first']);
  });
});

describe('what makes no report', () => {
  const refused = async (runs: unknown, expected: string, out: unknown = at('refused')) => {
    await expect(writeReport({ runs, out } as never)).rejects.toThrow(expected);
    expect(existsSync(at('refused'))).toBe(false);
  };

  it('is refused before anything is written', async () => {
    await refused([], 'report: expected runs to be one folder or more, got []');
    await refused(at('runs'), `report: expected runs to be one folder or more, got '${at('runs')}'`);
    await refused([at('runs', 'first')], "report: expected out to be a folder, got ''", '');
    await refused([at('nowhere')], `report: expected the folder of a run, got '${at('nowhere')}'; there is none`);
    mkdirSync(at('empty'));
    const one = 'report: expected the folder of a finished training, or of an experiment with one';
    await refused([at('empty')], `${one}, got '${at('empty')}' without result.json`);
    cpSync(at('runs', 'first'), at('unfinished'), { recursive: true });
    rmSync(at('unfinished', 'result.json'));
    const hint = 'its training is not finished; go on with it by resume';
    await refused([at('unfinished')], `${one}, got '${at('unfinished')}' without result.json; ${hint}`);
  });

  it.each<[string, (result: Record<string, unknown>) => void, string]>([
    [
      'no epochs',
      (result) => Object.assign(result, { epochs: [] }),
      "report 'no epochs': expected epochs to be epochs, got []",
    ],
    [
      'no model',
      (result) => Object.assign(result, { model: 5 }),
      "report 'no model': expected model to be the name of a model, got 5",
    ],
    [
      'a loss in words',
      ({ epochs }) => Object.assign((epochs as object[])[0]!, { loss: 'low' }),
      "report 'a loss in words': expected epochs.0.loss to be a number, got 'low'",
    ],
  ])('is a result with %s', async (name, change, expected) => {
    await refused([changed(name, change)], expected);
  });

  it('is a result that its receipt contradicts', async () => {
    const run = changed('forged', (result) => Object.assign(result, { seed: 5 }));
    cpSync(at('runs', 'first', 'receipt.json'), join(run, 'receipt.json'));
    await refused([run], `report: expected seed 1001 of its receipt in '${join(run, 'result.json')}', got 5`);
  });

  it('is a folder that holds something', async () => {
    const runs = [at('runs', 'first')];
    const expected = `report: expected out to be a new or empty folder, got '${at('empty')}', which holds other files`;
    mkdirSync(at('empty'), { recursive: true });
    writeFileSync(at('empty', 'mine.txt'), 'mine');
    await expect(writeReport({ runs, out: at('empty') })).rejects.toThrow(expected);
    expect(readdirSync(at('empty'))).toEqual(['mine.txt']);
  });
});

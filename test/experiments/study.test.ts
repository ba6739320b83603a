// Studies by the command line and the library: what is done stays, a killed worker's trials go on elsewhere, and neither jobs, shards,
// order nor a kill change a bit of a deterministic trial. Controls: atomic trials of the same plan differ, a plan that was changed in
// what is done is refused.

import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimFolder, holderOf, readJson } from '../../lib/files/index.js';
import type { TrainResult } from '../../lib/runs/index.js';
import { type Plan, parsePlan, runStudy, stateOf, studyTrials } from '../../lib/studies/index.js';
import { root } from '../architecture/sources.js';
import { resultIn, samebits } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-study-'));
const cache = process.env['SAMEBITS_CACHE'];
beforeAll(() => {
  process.env['SAMEBITS_CACHE'] = join(folder, 'cache');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (cache === undefined) delete process.env['SAMEBITS_CACHE'];
  else process.env['SAMEBITS_CACHE'] = cache;
});

const fixed = { data: 'synthetic', samples: 4, batchSize: 2, epochs: 2, imageSize: 78, model: 'keras_convnet' };
const plan = (more: object = {}): Plan =>
  parsePlan({ name: 'small', fixed, factors: { seed: [0, 42] }, modes: { deterministic: 1 }, ...more });
const command = [process.execPath, join(root, 'dist/cli/main.js')];
const kept = (name: string, value: object) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};

/** The hash of the weights of every trial that is done, by folder. */
function hashesIn(out: string, of: Plan): Record<string, string> {
  const found = studyTrials(of).map((trial) => [trial.folder, stateOf(out, trial)] as const);
  return Object.fromEntries(
    found.flatMap(([name, one]) => (one.state === 'done' ? [[name, one.result.weightsHash]] : [])),
  );
}

describe('a study', () => {
  const both = plan({ modes: { deterministic: 1, atomic: 2 } });
  const out = join(folder, 'whole');
  let hashes: Record<string, string>;
  beforeAll(async () => {
    const seen: string[] = [];
    const outcome = await runStudy(both, { out, jobs: 2, command }, { onTrial: (trial) => seen.push(trial.folder) });
    expect(outcome).toMatchObject({ total: 6, ran: 6, kept: 0, held: [], failed: [] });
    expect(seen.sort()).toEqual(
      studyTrials(both)
        .map((trial) => trial.folder)
        .sort(),
    );
    hashes = hashesIn(out, both);
  }, 300_000);

  it('has a run folder of every trial, and keeps what is done', async () => {
    expect(Object.keys(hashes)).toHaveLength(6);
    expect(await runStudy(both, { out, command })).toMatchObject({ total: 6, ran: 0, kept: 6 });
    expect(readdirSync(join(out, 'trials/42')).sort()).toEqual(['atomic-01', 'atomic-02', 'deterministic-01']);
  });

  it('in shards, one trial at a time, ends in the same deterministic bits; atomic trials do not (control)', async () => {
    const apart = join(folder, 'apart');
    for (const index of [2, 1]) await runStudy(both, { out: apart, shard: { index, of: 2 }, command });
    const again = hashesIn(apart, both);
    const ordered = Object.keys(hashes).filter((name) => name.includes('deterministic'));
    expect(ordered).toHaveLength(2);
    for (const name of ordered) expect(again[name]).toBe(hashes[name]);
    expect(again).not.toEqual(hashes);
  }, 300_000);

  it('grows: more seeds and more trainings are run, what is done stays', async () => {
    const grown = plan({ factors: { seed: [7, 0, 42] }, modes: { deterministic: 1, atomic: 3 } });
    const missing = { onTrial: ({ folder: name }: { folder: string }) => started.push(name) };
    const started: string[] = [];
    const outcome = await runStudy(grown, { out, jobs: 2, command, shard: { index: 1, of: 2 } }, missing);
    expect(outcome.total).toBe(6);
    expect(started.every((name) => hashes[name] === undefined)).toBe(true);
    expect(hashesIn(out, grown)).toMatchObject(hashes);
    expect(JSON.parse(readFileSync(join(out, 'study.json'), 'utf8'))).toEqual(grown);
  }, 300_000);

  it('is not gone on with by a plan that is another in what is done, or lacks it', async () => {
    const wider = { factors: { seed: [7, 0, 42] }, modes: { deterministic: 1, atomic: 3 } };
    const changed = plan({ ...wider, fixed: { ...fixed, batchSize: 4 } });
    await expect(runStudy(changed, { out, command })).rejects.toThrow(
      "plan: expected what is done to be as the plan has it, 'trials/7/deterministic-01', got batchSize 2 there and 4 in the plan; a plan may grow, and what is done stays; for another study choose another folder",
    );
    const lacking = plan({ ...wider, factors: { seed: [7, 0] } });
    await expect(runStudy(lacking, { out, command })).rejects.toThrow(/got one without 'trials\/42\/deterministic-01'/);
    await expect(runStudy(plan(), { out: root, command })).rejects.toThrow(
      /expected an empty folder, or that of a study/,
    );
  });

  it('is reported: every table as CSV, JSON and LaTeX, every figure as SVG, PNG and PDF, each page without a gap', () => {
    const report = join(folder, 'report');
    const { code, stdout, stderr } = samebits(['study', 'report', out, '--out', report]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`8 of 12 trials\nreport: ${join(report, 'report.html')}\n`);
    const tables = readdirSync(join(report, 'tables'));
    for (const measure of ['loss', 'accuracy', 'valLoss', 'valAccuracy']) {
      for (const kind of ['differences', 'ranges', 't-tests', 'factors']) {
        const files = ['csv', 'json', 'tex'].map((ending) => `${kind}-${measure}.${ending}`);
        expect(tables).toEqual(expect.arrayContaining(files));
      }
    }
    const figures = readdirSync(join(report, 'figures'));
    const drawn = ['samples-valLoss', 'differences-seconds', 'last-layer-deviations', 'last-layer-similarities'];
    expect(figures).toEqual(
      expect.arrayContaining(drawn.flatMap((name) => ['svg', 'png', 'pdf'].map((ending) => `${name}.${ending}`))),
    );
    const rows = parse(readFileSync(join(report, 'tables/trials.csv')), { columns: true }) as Record<string, string>[];
    const told = Object.fromEntries(rows.map(({ trial, weightsHash }) => [`trials/${trial}`, weightsHash]));
    expect(told).toMatchObject(hashes);
    for (const page of ['report.html', 'measures.html', 'weights.html']) {
      expect(readFileSync(join(report, page), 'utf8')).not.toMatch(/undefined|NaN|\[object /);
    }
    expect(samebits(['study', 'report', out, '--out', report]).stderr).toMatch(
      /expected out to be a new or empty folder/,
    );
    expect(samebits(['study', 'report', join(folder, 'held')]).code).toBe(2);
  }, 300_000);

  it('is reported without factors: tables are numbered as they are read, none is empty, no file is promised that is not there', async () => {
    const alone = plan({ factors: {}, modes: { deterministic: 1, atomic: 2 } });
    await runStudy(alone, { out: join(folder, 'alone'), command });
    const report = join(folder, 'of one');
    expect(samebits(['study', 'report', join(folder, 'alone'), '--out', report]).code).toBe(0);
    const [overview, measures] = ['report.html', 'measures.html'].map((page) =>
      readFileSync(join(report, page), 'utf8'),
    );
    expect(overview).toContain(
      'The network was trained once in deterministic mode and twice in atomic mode: 3 trainings',
    );
    expect(overview).toContain('Table 1. ');
    expect(overview).toMatch(/>processors</);
    expect(overview).not.toContain('tensorboard');
    expect(readdirSync(report)).not.toContain('tensorboard');
    expect(measures).toContain('Table 2. ');
    expect(measures).not.toMatch(/<tbody>\s*<\/tbody>/);
    expect(readdirSync(join(report, 'tables')).filter((name) => name.startsWith('ranges-'))).toEqual([]);
  }, 300_000);

  it('says what it took, and in which way each number is known', () => {
    const report = join(folder, 'priced');
    const declared = ['--watts', '10:20', '--carbon-intensity', '0.385', '--pue', '1.5'];
    expect(samebits(['study', 'report', out, '--out', report, ...declared]).code).toBe(0);
    const rows = parse(readFileSync(join(report, 'tables/energy.csv')), { columns: true }) as Record<string, string>[];
    const done = rows.find((row) => row['of']!.startsWith('experiment runs'))!;
    expect(done['trainings']).toBe('8');
    const number = (name: string) => Number(done[name]);
    expect(number('wallHours')).toBeGreaterThan(0);
    expect(number('processorHours')).toBeGreaterThan(0);
    expect(done['without']).toBe('');
    if (done['basis'] === 'declared') {
      expect(number('kWhLow')).toBeCloseTo(number('processorHours') * 0.01 * 1.5, 12);
      expect(number('kWhHigh')).toBeCloseTo(number('processorHours') * 0.02 * 1.5, 12);
    } else expect([done['basis'], number('kWhLow')]).toEqual(['measured', number('kWhHigh')]);
    for (const end of ['Low', 'High']) {
      expect(number(`carbonKg${end}`)).toBeCloseTo(0.385 * number(`kWh${end}`), 15);
      expect(number(`kWh${end}`)).toBeGreaterThan(0);
    }
    const modes = rows.filter((row) => row['of']!.startsWith('mode '));
    const hours = modes.map((row) => Number(row['processorHours']));
    expect(hours.reduce((a, b) => a + b, 0)).toBeCloseTo(number('processorHours'), 12);
    expect(readFileSync(join(report, 'energy.html'), 'utf8')).not.toMatch(/undefined|NaN|\[object /);
  }, 300_000);

  it('takes less room after prune, and has the same report', () => {
    const bytesIn = (place: string) =>
      readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    const before = bytesIn(join(out, 'trials'));
    const planned = samebits(['prune', out, '--dry-run']);
    expect(planned.stdout).toMatch(
      /^8 finished runs, .*; then .*\n\d+ files would go:\n {2}checkpoint\.safetensors: 8 files, .* named by receipts\n/,
    );
    expect(bytesIn(join(out, 'trials'))).toBe(before);
    const { code, stdout, stderr } = samebits(['prune', out]);
    expect(code).toBe(0);
    expect(stderr).toBe(planned.stdout);
    expect(stdout).toMatch(/^8 finished runs, .*; now .*\n\d+ files went:\n/);
    expect(bytesIn(join(out, 'trials'))).toBeLessThan(0.6 * before);
    const report = join(folder, 'after');
    expect(samebits(['study', 'report', out, '--out', report]).code).toBe(0);
    for (const table of ['last-layers', 'differences-valLoss', 'trials']) {
      const text = (place: string) => readFileSync(join(place, `tables/${table}.csv`), 'utf8');
      expect(text(report)).toBe(text(join(folder, 'report')));
    }
  }, 300_000);

  it('leaves what other processes hold, and says who they are', async () => {
    const held = join(folder, 'held');
    const one = plan();
    const path = join(held, studyTrials(one)[0]!.folder);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(held, 'study.json'), JSON.stringify(one));
    using _claim = claimFolder('test', path);
    const outcome = await runStudy(one, { out: held, command });
    expect(outcome).toMatchObject({ ran: 1, held: [{ trial: { folder: 'trials/0/deterministic-01' } }] });
    expect(outcome.held[0]!.holder).toMatch(new RegExp(`^process ${process.pid} of host `));
    const told = samebits(['study', 'status', held]);
    expect(told.stdout).toMatch(/^small: 1 of 2 trials done, 1 running, 0 stopped, 0 open\n/);
  }, 300_000);

  it('goes on with the others where a trial fails, and tells it at the end', async () => {
    const failing = plan({ factors: { seed: [0], optimizer: ['rmsprop:learningRate=-1', 'sgd:learningRate=0.1'] } });
    const outcome = await runStudy(failing, { out: join(folder, 'failing'), command });
    expect(outcome).toMatchObject({ ran: 1, kept: 0 });
    expect(outcome.failed.map(({ error }) => error.message)).toEqual([expect.stringMatching(/learningRate/)]);
  }, 300_000);
});

describe('a worker that is killed', () => {
  it('leaves a trial that another one goes on with from its checkpoint, to the same bits', async () => {
    const longer = plan({ fixed: { ...fixed, samples: 16, epochs: 6 }, factors: { seed: [3] } });
    const file = kept('longer.json', longer);
    const [straight, killed] = [join(folder, 'straight'), join(folder, 'killed')];
    await runStudy(longer, { out: straight, command });
    const trial = join(killed, studyTrials(longer)[0]!.folder);
    const worker = spawn(command[0]!, [command[1]!, 'study', 'run', file, '--out', killed], { stdio: 'ignore' });
    const ended = new Promise((resolve) => worker.on('close', resolve));
    const history = join(trial, 'history.jsonl');
    while (!existsSync(history)) await new Promise((resolve) => setTimeout(resolve, 5));
    worker.kill('SIGKILL');
    await ended;
    // The trainer sees that its worker is gone, and ends with a checkpoint.
    while (stateOf(killed, studyTrials(longer)[0]!).state === 'running')
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stateOf(killed, studyTrials(longer)[0]!)).toMatchObject({ state: 'begun' });
    const { code, stderr, stdout } = samebits(['study', 'run', file, '--out', killed, '--json']);
    expect([code, resultIn(stdout)]).toEqual([0, { total: 1, ran: 1, kept: 0, held: [], failed: [] }]);
    expect(stderr).toMatch(/^trials\/3\/deterministic-01: goes on after epoch [1-5]\n/);
    expect(hashesIn(killed, longer)).toEqual(hashesIn(straight, longer));
  }, 300_000);
});

describe('a comparison, which is a study of one configuration', () => {
  it('that is killed goes on from the checkpoint of its trial, two at once, to the same bits', async () => {
    const out = join(folder, 'compared');
    const words = ['--model', 'keras_convnet', '--data', 'synthetic', '--samples', '8', '--image-size', '78'];
    const more = [
      ...['--batch-size', '2', '--epochs', '4', '--runs', '2'],
      ...['--threads', '2', '--explain', '0', '--seed', '3'],
    ];
    const asked = ['compare', ...words, ...more, '--out', out];
    const whole = spawn(command[0]!, [command[1]!, ...asked], { stdio: 'ignore' });
    const ended = new Promise((resolve) => whole.on('close', resolve));
    const run = join(out, 'deterministic-01');
    while (!existsSync(join(run, 'history.jsonl'))) await new Promise((resolve) => setTimeout(resolve, 5));
    whole.kill('SIGKILL');
    await ended;
    while (holderOf(run) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(existsSync(join(run, 'result.json'))).toBe(false);
    const { code, stderr } = samebits([...asked, '--jobs', '2']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^deterministic-01: going on with .*, after .* of 4: /m)]);
    const hashes = [1, 2].map(
      (i) => (readJson(join(out, `deterministic-0${i}`, 'result.json')) as TrainResult).weightsHash,
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(readdirSync(out).filter((name) => name.endsWith('.taken'))).toEqual([]);
  }, 300_000);
});

describe('samebits study', () => {
  it('lists trials, and as commands that a shell runs', () => {
    const file = kept('plan.json', plan({ factors: { optimizer: ['sgd:learningRate=0.1 or so'] } }));
    expect(samebits(['study', 'list', file]).stdout).toMatch(
      /^trials\/sgd_learningRate=0\.1_or_so~[0-9a-f]{6}\/deterministic-01\n$/,
    );
    const { stdout } = samebits(['study', 'list', file, '--commands', '--out', 'runs/a b']);
    expect(stdout).toMatch(
      /^samebits train --model keras_convnet --data synthetic .*--optimizer 'sgd:learningRate=0\.1 or so' .*--out 'runs\/a b\/trials\//,
    );
  });

  it.each([
    [['rum'], "study: expected run, status, list or report, got 'rum'"],
    [[], 'study: expected run, status, list or report, got none'],
    [['run', 'plan.json'], '--out: expected a value, got none'],
    [
      ['run', 'plan.json', '--out', 'x', '--shard', '4/3'],
      "--shard: expected index/of with index from 1 to of, for example 3/12, got '4/3'",
    ],
    [['run', 'plan.json', '--out', 'x', '--jobs', '0'], "--jobs: expected an integer from 1 to 1024, got '0'"],
    [['run', 'no.json', '--out', 'x'], "read: expected a JSON file 'no.json', got ENOENT: no such file or directory"],
    [['report', 'x', '--pue', '0.5'], "--pue: expected a number >= 1, got '0.5'"],
    [['report', 'x', '--watts', '20:10'], "--watts: expected one number of watts, or low:high, got '20:10'"],
    [['status', 'lib'], "study: expected the folder of a study, got 'lib' without study.json"],
  ])('refuses %j', (words, message) => {
    const { code, stderr } = samebits(['study', ...words]);
    expect([code, stderr]).toEqual([words[1] === 'no.json' ? 1 : 2, `samebits: ${message}\n`]);
    expect(existsSync(join(root, 'x'))).toBe(false);
  });

  it('refuses a model that cannot be before anything is written', () => {
    const file = kept('model.json', plan({ fixed: { ...fixed, imageSize: 20 } }));
    const out = join(folder, 'unmade');
    const { code, stderr } = samebits(['study', 'run', file, '--out', out]);
    expect([code, stderr]).toEqual([2, 'samebits: keras_convnet: expected imageSize to be an integer >= 78, got 20\n']);
    expect(existsSync(out)).toBe(false);
  });
});

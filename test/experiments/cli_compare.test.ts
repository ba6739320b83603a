// `samebits compare` with pictures to explain, numbers of threads and steps to measure at, from the command line to the
// files: what pages, tables and figures hold is what the runs are. Controls: atomic runs beside deterministic ones, a run
// of another number of threads whose hash was altered, and a comparison that asked for none of it.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../lib/experiments/index.js';
import type { Explanations } from '../../lib/index.js';
import { samebits } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const out = join(folder, 'full');
const inside = (...names: string[]) => join(out, ...names);
const small = [
  ...['compare', '--model', 'keras_convnet', '--data', 'synthetic', '--samples', '8', '--image-size', '80'],
  ...['--batch-size', '4', '--epochs', '2', '--runs', '2', '--threads', '2', '--arrival-seed', '3'],
];
const asked = [...small, '--explain', '3', '--thread-counts', '1,2', '--growth-steps', '3', '--out', out];

const text = (...names: string[]) => readFileSync(inside(...names), 'utf8');
const table = (name: string) =>
  parse(text('tables', `keras_convnet-${name}.csv`), { columns: true }) as Record<string, string>[];
const hashIn = (trial: string) => (JSON.parse(text(trial, 'result.json')) as { weightsHash: string }).weightsHash;

let result: Result;
let said: string;
beforeAll(() => {
  const { code, stdout, stderr } = samebits([...asked, '--json']);
  expect(code).toBe(0);
  result = JSON.parse(stdout) as Result;
  said = stderr;
}, 300_000);

const target = (mode: string) => Object.entries(result.targets).find(([, one]) => one.mode === mode)!;

describe('compare --thread-counts 1,2', () => {
  it('trains once more with each, which ends in the bits of the others', () => {
    expect(said).toContain('trial 5 of 6: deterministic, 1 thread\n');
    expect(said).toContain('trial 6 of 6: deterministic, 2 threads\n');
    const want = hashIn('deterministic-01');
    expect(result.threadRuns.map(({ threads, weightsHash }) => [threads, weightsHash])).toEqual([
      [1, want],
      [2, want],
    ]);
    expect([hashIn('threads-01'), hashIn('threads-02')]).toEqual([want, want]);
    expect(existsSync(inside('threads-01', 'steps'))).toBe(false);
  });

  it('has a row a run in its table, and says so on the page on price', () => {
    const rows = table('threads');
    expect(rows.map(({ threads, sameBits, weightsHash }) => [threads, sameBits, weightsHash])).toEqual(
      ['1', '2', '2'].map((threads) => [threads, 'true', hashIn('deterministic-01')]),
    );
    for (const { loss } of rows) expect(Number(loss)).toBe(target('deterministic')[1].runs[0]!.epochs[1]!.loss);
    const page = text('price.html');
    expect(page).toContain('Single-threaded and multi-threaded training end in the same bits');
    expect(page).toContain('<th scope="row">1, single-thread</th>');
    expect(text('report.html')).toContain('--explain 3 --growth-steps 3 --thread-counts 1,2');
  });

  it('refuses a trial whose result is not that of its receipt (control)', () => {
    const path = inside('threads-01', 'result.json');
    const whole = text('threads-01', 'result.json');
    const [own, other] = [hashIn('threads-01'), `sha256:${'0'.repeat(64)}`];
    writeFileSync(path, whole.replaceAll(own, other));
    const { code, stderr } = samebits(asked);
    expect(stderr).toContain(`trial threads-01: expected weightsHash '${own}' of its receipt`);
    expect(code).toBe(1);
    writeFileSync(path, whole);
    expect(samebits(asked).code).toBe(0);
    expect(text('price.html')).toContain('end in the same bits, so threads are only a matter of time');
  }, 120_000);
});

describe('compare --explain 3', () => {
  const places = [1, 2, 3].map((place) => `picture-0${place}`);
  const trials = ['deterministic-01', 'atomic-01', 'deterministic-02', 'atomic-02'];

  it('explains pictures of one class after the other by every run', () => {
    const { runs, pictures } = result.explained!;
    expect(runs.map((run) => [run.target.split('/').at(-1), run.run])).toEqual([
      ['deterministic', 1],
      ['atomic', 1],
      ['deterministic', 2],
      ['atomic', 2],
    ]);
    expect(pictures.map(({ explanations }) => explanations.class)).toEqual(['bears', 'cats', 'bears']);
    for (const { explanations } of pictures) expect(explanations.runs).toHaveLength(4);
  });

  it('leaves the pictures and an overlay a run, the same bytes for deterministic runs and others for atomic ones', async () => {
    const names = places.flatMap((place) => [`${place}.png`, ...trials.map((trial) => `${place}-${trial}.png`)]);
    expect(readdirSync(inside('explanations')).sort()).toEqual(names.sort());
    for (const name of names) {
      expect(await sharp(inside('explanations', name)).metadata()).toMatchObject({ width: 80, height: 80 });
    }
    const bytes = (place: string, trial: string) => readFileSync(inside('explanations', `${place}-${trial}.png`));
    let others = 0;
    for (const place of places) {
      const first = bytes(place, 'deterministic-01');
      expect(first.equals(bytes(place, 'deterministic-02'))).toBe(true);
      expect(first.equals(readFileSync(inside('explanations', `${place}.png`)))).toBe(false);
      others += Number(!first.equals(bytes(place, 'atomic-01')));
    }
    expect(others).toBeGreaterThan(0);
  });

  it('finds what gradcam finds with the same run and picture', () => {
    const [, atomic] = result.explained!.runs.entries();
    expect(atomic![1].target).toContain('atomic');
    for (const [run, trial] of ['deterministic-01', 'atomic-01'].entries()) {
      const args = ['--run', inside(trial), '--image', inside('explanations', 'picture-02.png'), '--class', 'cats'];
      const { stdout } = samebits(['gradcam', ...args, '--out', join(folder, 'single'), '--json']);
      const [one] = (JSON.parse(stdout) as Explanations).runs;
      const there = result.explained!.pictures[1]!.explanations.runs[run]!;
      expect([one!.heatHash, one!.predictions]).toEqual([there.heatHash, there.predictions]);
    }
  });

  it('has them in its tables: a row a run, a row a pair, one pattern in deterministic mode', () => {
    const heat = table('heat');
    expect(heat).toHaveLength(12);
    for (const { overlay } of heat) expect(existsSync(inside(overlay!))).toBe(true);
    const [deterministic] = target('deterministic');
    const of = (name: string) => heat.filter((row) => row['target'] === name).map(({ heatHash }) => heatHash);
    expect(new Set(of(deterministic)).size).toBe(new Set(heat.map(({ picture }) => picture)).size);
    expect(new Set(of(target('atomic')[0])).size).toBeGreaterThan(3);
    expect(table('heat-pairs')).toHaveLength(3 * 6);
    const stability = table('stability');
    expect(stability).toHaveLength(6);
    for (const row of stability.filter(({ picture }) => picture!.endsWith('deterministic'))) {
      expect(row).toMatchObject({ heatPatterns: '1', ssim: '1' });
    }
    expect(stability.some(({ picture, heatPatterns }) => picture!.endsWith('atomic') && heatPatterns === '2')).toBe(
      true,
    );
  });

  it('shows every picture on the page, each of which is there', () => {
    const sources = [...text('explanations.html').matchAll(/<img src="([^"]*)"/g)].map(([, source]) => source!);
    expect(sources).toHaveLength(3 * 5);
    for (const source of sources) expect(existsSync(inside(source))).toBe(true);
  });
});

describe('compare --growth-steps 3', () => {
  it('measures after the first, a middle and the last step: 0 in deterministic mode, not in atomic mode', () => {
    const steps = table('steps').filter(({ layer }) => layer === 'all weights');
    const of = (mode: string) => steps.filter((row) => row['target'] === target(mode)[0]);
    expect(of('deterministic').map(({ step, l2 }) => [step, l2])).toEqual([
      ['1', '0'],
      ['2', '0'],
      ['4', '0'],
    ]);
    expect(of('atomic').map(({ step }) => step)).toEqual(['1', '2', '4']);
    for (const { l2 } of of('atomic')) expect(Number(l2)).toBeGreaterThan(0);
    const last = target('atomic')[1].divergence;
    expect(last.steps!.perStep.at(-1)!.all.l2).toBe(last.all.l2);
    const epochs = table('divergence').find((row) => row['epoch'] === '2' && row['target'] === target('atomic')[0])!;
    const layers = table('steps').find((row) => row['step'] === '4' && row['target'] === target('atomic')[0])!;
    expect([layers['layer'], layers['l2']]).toEqual([epochs['layer'], epochs['l2']]);
  });

  it('draws them for the runs that part alone, and says of the others that they do not', () => {
    const page = text('divergence.html');
    expect(page).toContain('At all 3 steps compared, the last of them step 4, the distance is 0.');
    // Three steps are few: a rate is told only where they lie on a line, and in any case which range was looked at.
    expect(page).toMatch(
      /The runs are apart after step 1\. (?:From step 1 to 4 |There is no growth rate: .* steps 1 to 4, )/,
    );
    const figures = readdirSync(inside('figures'));
    for (const name of ['steps', 'layer-steps']) {
      for (const kind of ['svg', 'png']) expect(figures).toContain(`keras_convnet-atomic-${name}.${kind}`);
      expect(figures).not.toContain(`keras_convnet-deterministic-${name}.svg`);
    }
    expect(text('figures', 'keras_convnet-atomic-steps.svg')).toContain('apart after step 1');
  });
});

describe('a comparison that asked for none of it (control)', () => {
  it('has no explanations, no threads and no steps, and says so', () => {
    const plain = join(folder, 'plain');
    const none = ['--explain', '0', '--growth-steps', '0', '--modes', 'deterministic', '--epochs', '1'];
    const words = small.slice(0, small.indexOf('--arrival-seed'));
    const { code, stdout } = samebits([...words, ...none, '--out', plain]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('steps compared');
    expect(readdirSync(plain)).not.toContain('explanations');
    expect(existsSync(join(plain, 'deterministic-01', 'steps'))).toBe(false);
    const names = readdirSync(join(plain, 'tables'));
    for (const name of ['threads', 'heat', 'stability', 'steps', 'step-pairs']) {
      expect(names).not.toContain(`keras_convnet-${name}.csv`);
    }
    const page = (name: string) => readFileSync(join(plain, `${name}.html`), 'utf8');
    expect(page('explanations')).toContain('No pictures were explained');
    expect(page('price')).not.toContain('<h3>Threads</h3>');
  }, 60_000);
});

describe('report of an experiment', () => {
  const filesBelow = (place: string) =>
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(place.length + 1))
      .sort();
  const told = (path: string) => JSON.parse(samebits(['report', path, '--out', `${path}-report`, '--json']).stdout);

  it('is the one compare wrote, made again from what the trials left', () => {
    const again = join(folder, 'again');
    const { code, stdout, stderr } = samebits(['report', out, '--out', again]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('/deterministic: Both runs ended in the same 978,753 weights and the same predictions');
    expect(stdout.endsWith(`report: ${join(again, 'report.html')}\n`)).toBe(true);
    const files = filesBelow(again);
    expect(files.length).toBeGreaterThan(80);
    for (const file of files) {
      expect([file, readFileSync(join(again, file)).equals(readFileSync(inside(file)))]).toEqual([file, true]);
    }
    const own = new Set(files);
    const trials = /^(?:deterministic|atomic|threads)-\d+\/|^(?:experiment|result)\.json$/;
    expect(filesBelow(out).filter((file) => !own.has(file) && !trials.test(file))).toEqual([]);
  }, 120_000);

  it('compares the trials that are finished where others are not', () => {
    const part = join(folder, 'part');
    cpSync(out, part, { recursive: true });
    rmSync(join(part, 'atomic-02', 'result.json'));
    rmSync(join(part, 'result.json'));
    const { runs, verdicts } = told(part);
    expect(runs).toEqual(['atomic-01', 'deterministic-01', 'deterministic-02', 'threads-01', 'threads-02']);
    expect(verdicts).toEqual([expect.stringMatching(/\/mixed: 5 runs ended in 2 different sets of 978,753 weights/)]);
  }, 120_000);

  it('opens no picture outside the experiment, whatever its result says', () => {
    const odd = join(folder, 'odd');
    cpSync(out, odd, { recursive: true });
    const changed = structuredClone(result);
    changed.explained!.pictures[0]!.picture = '../secret.png';
    writeFileSync(join(odd, 'result.json'), JSON.stringify(changed));
    const { code, stderr } = samebits(['report', odd, '--out', `${odd}-report`]);
    const expected = `an experiment in '${join(odd, 'result.json')}'`;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `samebits: report: expected ${expected}, got no valid pictures.0.picture\n`,
    });
    expect(existsSync(`${odd}-report`)).toBe(false);
  }, 60_000);

  it('is refused for what is no folder', () => {
    expect(samebits(['report'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'samebits: run: expected a value, got none\n',
    });
    expect(samebits(['report', join(folder, 'nowhere')])).toEqual({
      code: 2,
      stdout: '',
      stderr: `samebits: run: expected a folder, got '${join(folder, 'nowhere')}'; there is no such folder\n`,
    });
  });
});

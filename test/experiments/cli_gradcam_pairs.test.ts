// `samebits gradcam --pairs`: a list of pictures of two things each. What it finds is what single pictures give, a list
// with its halves exchanged gives the other verdicts, and every fault of a list is refused by row before any work.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classOfLabel } from '../../lib/explain/pairs_file.js';
import type { Explanations, PairsResult } from '../../lib/index.js';
import { picture } from '../data/pictures.js';
import { resultIn, samebits } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-pairs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inside = (name: string) => join(folder, name);

const list = (name: string, ...lines: string[]) => {
  writeFileSync(inside(name), lines.map((line) => `${line}\n`).join(''));
  return inside(name);
};
const runs = (...names: string[]) => names.flatMap((name) => ['--run', inside(name)]);
const gradcam = (...args: string[]) => samebits(['gradcam', '--threads', '2', ...args]);

beforeAll(async () => {
  mkdirSync(inside('photos'));
  await picture(3, 90, 110).toFile(inside('photos/one.png'));
  await picture(8, 100, 80).toFile(inside('photos/two, too.png'));
  await picture(4, 7, 20).toFile(inside('photos/tiny.png'));
  const whole = readFileSync(inside('photos/one.png'));
  writeFileSync(inside('photos/cut.png'), whole.subarray(0, whole.length >> 1));
  for (const [name, seed] of Object.entries({ a: '1', b: '2' })) {
    samebits([
      ...['train', '--model', 'keras_convnet', '--data', 'synthetic', '--samples', '8', '--image-size', '80'],
      ...['--batch-size', '4', '--epochs', '1', '--threads', '2', '--seed', seed, '--out', inside(name)],
    ]);
  }
});

const good = () =>
  list('good.csv', 'note,file,left,right', 'x,photos/one.png,cat,bear', ',"photos/two, too.png",Bears,cats');

describe('a list of two pictures by two runs', () => {
  let result: PairsResult;
  let text: string;
  beforeAll(() => {
    const args = [...runs('a', 'b'), '--pairs', good(), '--layer', 'conv2d_2'];
    const { code, stdout, stderr } = gradcam(...args, '--out', inside('out'), '--json');
    expect(code).toBe(0);
    expect(stderr).toBe(
      `wrote      8 overlays, pairs.json, pairs.csv, summary.csv, agreement.csv in ${inside('out')}\n`,
    );
    result = resultIn<PairsResult>(stdout);
    text = gradcam(...args, '--out', inside('text')).stdout;
  });

  it('finds for every picture, both classes and every run what a single picture gives', () => {
    expect(result.pictures.map(({ row, file, left, right }) => [row, file, left, right])).toEqual([
      [1, 'photos/one.png', 'cats', 'bears'],
      [2, 'photos/two, too.png', 'bears', 'cats'],
    ]);
    for (const { file, left, right, findings } of result.pictures) {
      expect(findings.map((one) => [one.class, one.side, one.run])).toEqual([
        ...[1, 2].map((run) => [left, 'left', run]),
        ...[1, 2].map((run) => [right, 'right', run]),
      ]);
      for (const name of [left, right]) {
        const single = gradcam(
          ...[...runs('a', 'b'), '--image', inside(file), '--class', name, '--halves', `${left},${right}`],
          ...['--layer', 'conv2d_2', '--out', inside('single'), '--json'],
        );
        const found = (JSON.parse(single.stdout) as Explanations).runs;
        for (const [i, { halves, heatHash, predictions }] of found.entries()) {
          const one = findings.find((finding) => finding.class === name && finding.run === i + 1)!;
          expect(one).toMatchObject({ heatHash, onOwnHalf: halves?.onOwnHalf ?? null });
          expect(one.ownShare).toBe(halves?.[one.side] ?? null);
          expect(one.probability).toBe(predictions.find((prediction) => prediction.class === name)!.probability);
        }
      }
    }
    expect(result.pictures.flatMap(({ findings }) => findings).some(({ ownShare }) => ownShare !== null)).toBe(true);
  });

  it('counts them by class and run, and how often the runs agree', () => {
    const all = result.pictures.flatMap(({ findings }) => findings);
    expect(result.summary.map((one) => [one.run, one.class, one.explanations])).toEqual(
      [1, 2].flatMap((run) => [
        [run, 'bears', 2],
        [run, 'cats', 2],
        [run, 'all classes', 4],
      ]),
    );
    for (const one of result.summary) {
      const own = all.filter(
        ({ run, class: name }) => run === one.run && (name === one.class || one.class === 'all classes'),
      );
      const count = (verdict: boolean | null) => own.filter(({ onOwnHalf }) => onOwnHalf === verdict).length;
      expect([one.right, one.wrong, one.undecided]).toEqual([count(true), count(false), count(null)]);
      expect(one.shareRight).toBe(count(true) / own.length);
    }
    const [agreement] = result.agreement;
    const verdicts = (run: number) => all.filter((one) => one.run === run).map(({ onOwnHalf }) => onOwnHalf);
    const same = verdicts(1).filter((verdict, i) => verdict === verdicts(2)[i]).length;
    expect(agreement).toMatchObject({ runs: [1, 2], explanations: 4, sameVerdict: same });
    expect(agreement!.ssim!).toBeLessThan(1);
  });

  it('writes an overlay for each explanation, of the size of its picture, and the tables', async () => {
    const overlays = readdirSync(inside('out')).filter((name) => name.endsWith('.png'));
    expect(overlays.sort()).toEqual(
      ['01-one', '02-two__too'].flatMap((stem) =>
        ['bears', 'cats'].flatMap((name) => [1, 2].map((run) => `${stem}-${name}-run-${run}.png`)),
      ),
    );
    expect(await sharp(inside('out/02-two__too-cats-run-2.png')).metadata()).toMatchObject({ width: 80, height: 100 });
    const table = (name: string) =>
      parse(readFileSync(inside(`out/${name}`)), { columns: true }) as Record<string, string>[];
    expect(table('pairs.csv').map(({ file, class: name, heatHash }) => [file, name, heatHash])).toEqual(
      result.pictures.flatMap(({ file, findings }) => findings.map((one) => [file, one.class, one.heatHash])),
    );
    expect(table('summary.csv')).toHaveLength(6);
    expect(table('agreement.csv')).toMatchObject([{ runA: inside('a'), runB: inside('b'), explanations: '4' }]);
    expect(JSON.parse(readFileSync(inside('out/pairs.json'), 'utf8'))).toEqual(result);
  });

  it('tells people a line an explanation, the counts and the agreement', () => {
    const words = text.split('\n').map((line) => line.trim().split(/ {2,}/)[0]);
    expect(words).toEqual([
      ...['list', 'run 1', 'run 2', '', 'picture', ...Array(4).fill('photos/one.png')],
      ...[...Array(4).fill('photos/two, too.png'), '', 'run', '1', '1', '1', '2', '2', '2', '', 'runs', '1, 2', ''],
      ...[expect.stringMatching(/^wrote/), ''],
    ]);
  });

  it('with the halves exchanged gives the other verdict wherever there is one (control)', () => {
    const exchanged = list(
      'exchanged.csv',
      'file,left,right',
      'photos/one.png,bear,cat',
      '"photos/two, too.png",cats,bears',
    );
    const args = [
      ...runs('a', 'b'),
      '--pairs',
      exchanged,
      '--layer',
      'conv2d_2',
      '--out',
      inside('exchanged'),
      '--json',
    ];
    const other = JSON.parse(gradcam(...args).stdout) as PairsResult;
    const verdicts = ({ pictures }: PairsResult) =>
      pictures.flatMap(({ row, findings }) =>
        findings.map((one) => [`${row} ${one.class} ${one.run}`, one.onOwnHalf] as const),
      );
    const [before, after] = [new Map(verdicts(result)), new Map(verdicts(other))];
    expect([...before.values()].filter((verdict) => verdict !== null).length).toBeGreaterThan(0);
    for (const [which, verdict] of before) expect(after.get(which)).toBe(verdict === null ? null : !verdict);
  });

  it('by one run twice agrees in every bit, and by one alone has no agreement to tell', () => {
    const args = ['--pairs', good(), '--out', inside('twice'), '--json'];
    const twice = JSON.parse(gradcam(...runs('a', 'a'), ...args).stdout) as PairsResult;
    expect(twice.agreement).toMatchObject([{ explanations: 4, sameBits: 4, sameVerdict: 4, ssim: 1 }]);
    const { stdout } = gradcam(...runs('a'), '--pairs', good(), '--out', inside('alone'), '--json');
    expect((JSON.parse(stdout) as PairsResult).agreement).toEqual([]);
    expect(existsSync(inside('alone/agreement.csv'))).toBe(false);
  });
});

describe('a label', () => {
  const classes = ['cats', 'dogs', 'puppy', 'fox', 'monkey'];
  it.each([
    ['cats', 0],
    ['cat', 0],
    ['Cat', 0],
    ['DOGS', 1],
    ['puppies', 2],
    ['foxes', 3],
    ['monkeys', 4],
  ])('%s names a class in singular or plural', (label, index) => {
    expect(classOfLabel(label, classes, 'left of row 1')).toBe(index);
  });

  it.each(['', 'ca', 'catss', 'bird', 'do'])('%j names none', (label) => {
    expect(() => classOfLabel(label, classes, 'left of row 4')).toThrow(
      `explain pairs: expected left of row 4 to name one of the classes cats, dogs, puppy, fox, monkey, in singular or plural, got '${label}'`,
    );
  });

  it('takes the class of its very name before any other, and none where several fit', () => {
    expect(classOfLabel('cat', ['cat', 'cats'], 'left of row 1')).toBe(0);
    expect(() => classOfLabel('CAT', ['cat', 'cats'], 'left of row 1')).toThrow("got 'CAT'");
  });
});

describe('a list is refused before any work', () => {
  const head = 'file,left,right';
  const fine = 'photos/one.png,cat,bear';
  const classes = 'one of the classes bears, cats, in singular or plural';
  const cases: [string, string[], number, string][] = [
    [
      'a column is missing',
      ['file,left', 'photos/one.png,cat'],
      1,
      "columns file, left, right, each once, in 'LIST', got file, left",
    ],
    [
      'a column is there twice',
      ['file,left,right,left', 'photos/one.png,cat,bear,cat'],
      1,
      "columns file, left, right, each once, in 'LIST', got file, left, right, left",
    ],
    ['it is empty', [], 1, "columns file, left, right, each once, in 'LIST', got none"],
    ['it has no rows', [head], 1, "a row or more in 'LIST', got none"],
    [
      'a row is short',
      [head, fine, 'photos/one.png,cat'],
      1,
      "a list of comma-separated values 'LIST', got Invalid Record Length: expect 3, got 2 on line 3",
    ],
    ['a row has no file', [head, fine, ',cat,bear'], 1, "file of row 2 to name a picture, got ''"],
    [
      'a label is of no class',
      [head, fine, 'photos/one.png,cat,dog'],
      2,
      `right of row 2 to name ${classes}, got 'dog'`,
    ],
    [
      'both halves are of one class',
      [head, 'photos/one.png,cat,cats'],
      2,
      "left and right of row 1 to be two classes, got 'cat' and 'cats'",
    ],
  ];

  it.each(cases)('where %s', (_what, lines, exit, expected) => {
    const path = list('bad.csv', ...lines);
    const refused = gradcam(...runs('a'), '--pairs', path, '--out', inside('refused'));
    const stderr = `samebits: --pairs: expected ${expected.replace('LIST', path)}\n`;
    expect(refused).toEqual({ code: exit, stdout: '', stderr });
    expect(existsSync(inside('refused'))).toBe(false);
  });

  it.each([
    ['missing', 'nowhere.png', "a readable picture 'FOLDER/photos/nowhere.png', got ENOENT: no such file or directory"],
    ['too small', 'tiny.png', "a picture of at least 8 x 8 pixels, got 20 x 7 in 'FOLDER/photos/tiny.png'"],
    ['damaged', 'cut.png', /^a whole picture '.*cut\.png', got .+$/],
  ])('where a picture is %s, by its row, although the first is good', (_what, name, expected) => {
    const path = list('bad.csv', head, fine, `photos/${name},cat,bear`);
    const { code, stdout, stderr } = gradcam(...runs('a'), '--pairs', path, '--out', inside('refused'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const told = /^samebits: --pairs row 2: expected (.*)\n$/.exec(stderr)![1]!;
    if (typeof expected === 'string') expect(told).toBe(expected.replace('FOLDER', folder));
    else expect(told).toMatch(expected);
    expect(existsSync(inside('refused'))).toBe(false);
  });

  it('where there is none, or a picture is asked for beside it', () => {
    const refused = (...more: string[]) => gradcam(...runs('a'), '--out', inside('refused'), '--pairs', ...more).stderr;
    expect(refused(inside('none.csv'))).toBe(
      `samebits: --pairs: expected a readable list '${inside('none.csv')}', got ENOENT: no such file or directory\n`,
    );
    const beside = (option: string, value: string) =>
      `samebits: --pairs: expected no --${option} beside it, which is about a single picture, got '${value}'\n`;
    expect(refused(good(), '--image', 'x.png')).toBe(beside('image', 'x.png'));
    expect(refused(good(), '--class', 'cats')).toBe(beside('class', 'cats'));
    expect(refused(good(), '--halves', 'cats,bears')).toBe(beside('halves', 'cats,bears'));
    expect(refused(good(), '--occlude', '1,2,3,4')).toBe(beside('occlude', '1,2,3,4'));
    expect(existsSync(inside('refused'))).toBe(false);
  });
});

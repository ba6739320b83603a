// `samebits gradcam`: what it prints and writes for one run and for several, the same bytes every time, and what it
// refuses before any work.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanations } from '../../lib/index.js';
import { picture } from '../data/pictures.js';
import { resultIn, samebits } from '../support/cli.js';

let folder: string;
const inside = (name: string) => join(folder, name);
const trained = (name: string, ...more: string[]) =>
  samebits([
    ...['train', '--data', 'synthetic', '--samples', '8', '--batch-size', '4', '--epochs', '1', '--threads', '2'],
    ...['--out', inside(name), ...more],
  ]);
const gradcam = (...args: string[]) => samebits(['gradcam', '--image', inside('photo.png'), ...args]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-gradcam-'));
  await picture(3, 90, 110).toFile(inside('photo.png'));
  await picture(4, 7, 20).toFile(inside('tiny.png'));
  await picture(5, 90, 110).toColourspace('cmyk').jpeg().toFile(inside('cmyk.jpg'));
  await picture(5, 90, 110).toColourspace('grey16').png().toFile(inside('deep.png'));
  const whole = readFileSync(inside('photo.png'));
  writeFileSync(inside('cut.png'), whole.subarray(0, whole.length >> 1));
  writeFileSync(inside('text.png'), 'no picture');
  const small = ['--model', 'keras_convnet', '--image-size', '80'];
  for (const [name, seed] of Object.entries({ a: '1', b: '2' })) trained(name, ...small, '--seed', seed);
  trained('other', '--model', 'mini_xception', '--image-size', '32');
  mkdirSync(inside('experiment'));
  writeFileSync(inside('experiment/experiment.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

const share = expect.any(Number);
const hash = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);

describe('one run', () => {
  let first: Explanations;

  it('prints one JSON object on stdout and the files it wrote on stderr', () => {
    const out = inside('out-1');
    const args = ['--run', inside('a'), '--class', 'bears', '--halves', 'cats,bears', '--out', out, '--json'];
    const { code, stdout, stderr } = gradcam(...args, '--threads', '1');
    expect(stderr).toBe(
      ['run-1-bears.png', 'explanations.json', 'explanations.csv']
        .map((name) => `wrote      ${join(out, name)}\n`)
        .join(''),
    );
    expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 1 });
    first = resultIn(stdout);
    expect(first).toEqual({
      image: { path: inside('photo.png'), height: 90, width: 110 },
      class: 'bears',
      runs: [
        {
          run: inside('a'),
          model: 'keras_convnet',
          target: expect.stringMatching(/^cpu\/\w+\/deterministic$/),
          seed: 1,
          weightsHash: hash,
          layer: 'conv2d_3',
          maps: [6, 6],
          score: 'logit',
          predictions: expect.any(Array),
          hasHeat: true,
          flat: false,
          heatHash: hash,
          halves: { left: share, right: share, onOwnHalf: expect.any(Boolean) },
          occlusion: null,
        },
      ],
      pairs: [],
    });
    const [one] = first.runs;
    expect(one!.predictions.map((each) => each.class).sort()).toEqual(['bears', 'cats']);
    expect(one!.predictions[0]!.probability).toBeGreaterThanOrEqual(one!.predictions[1]!.probability);
    expect(one!.halves!.onOwnHalf).toBe(one!.halves!.right > one!.halves!.left);
    expect(JSON.parse(readFileSync(join(out, 'explanations.json'), 'utf8'))).toEqual(first);
  });

  it('writes the same bytes with other threads and another instruction set, and others for another class', async () => {
    const out = (n: number) => inside(`out-${n}`);
    gradcam('--run', inside('a'), '--class', '0', '--threads', '3', '--isa', 'scalar', '--out', out(2));
    gradcam('--run', inside('a'), '--class', 'cats', '--threads', '1', '--out', out(3));
    const bytes = readFileSync(join(out(1), 'run-1-bears.png'));
    expect(readFileSync(join(out(2), 'run-1-bears.png'))).toEqual(bytes);
    expect(readFileSync(join(out(3), 'run-1-cats.png'))).not.toEqual(bytes);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 110, height: 90, channels: 3 });
  });

  it('tells people picture, class, layer, predictions and heat, and what covering a region does', () => {
    const out = inside('out-4');
    const args = ['--run', inside('a'), '--occlude', '10,20,30,40', '--layer', 'conv2d_2', '--out', out];
    const { code, stdout, stderr } = gradcam(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const words = stdout.split('\n').map((line) => line.split(' ')[0]);
    const top = first.runs[0]!.predictions[0]!.class;
    expect(words).toEqual([
      ...['picture', 'class', '', 'run', 'predicts', 'layer', 'heat', 'covered', 'class', ...words.slice(9, 11)],
      ...['heat', 'before,', '', 'wrote', 'wrote', 'wrote', 'wrote', ''],
    ]);
    expect(words.slice(9, 11).sort()).toEqual(['bears', 'cats']);
    expect(stdout).toContain(`class      ${top}\n`);
    expect(stdout).toMatch(/^layer {6}conv2d_2, maps of 16 x 16, by logit$/m);
    expect(readdirSync(out).sort()).toEqual([
      'explanations.csv',
      'explanations.json',
      `run-1-${top}-occluded.png`,
      `run-1-${top}.png`,
    ]);
  });
});

describe('several runs', () => {
  it('are compared pair by pair: a run with itself is the same, with another seed it is not', () => {
    const out = inside('out-5');
    const runs = ['a', 'a', 'b'].flatMap((name) => ['--run', inside(name)]);
    const chosen = ['--class', 'bears', '--layer', 'conv2d_1', '--score', 'probability'];
    const { code, stdout } = gradcam(...runs, ...chosen, '--out', out);
    expect(code).toBe(0);
    const found = JSON.parse(readFileSync(join(out, 'explanations.json'), 'utf8')) as Explanations;
    expect(found.pairs.map(({ runs: pair, sameBits }) => [...pair, sameBits])).toEqual([
      [1, 2, true],
      [1, 3, false],
      [2, 3, false],
    ]);
    expect(found.pairs[0]).toMatchObject({ ssim: 1, hottestOverlap: 1, centreShift: 0 });
    expect(found.pairs[1]!.ssim).toBeLessThan(1);
    expect({ ...found.pairs[2], runs: 0 }).toEqual({ ...found.pairs[1], runs: 0 });
    expect(stdout).toContain('3 runs, 2 bit patterns of heat\n');
    const rows = readFileSync(join(out, 'stability.csv'), 'utf8').trimEnd().split('\r\n');
    expect(rows[0]).toBe('runA,runB,sameBits,pearson,ssim,hottestOverlap,centreShift');
    const { pearson } = found.pairs[0]!;
    expect(rows[1]).toBe(`${inside('a')},${inside('a')},true,${pearson},1,1,0`);
    expect(rows).toHaveLength(4);
  });
});

describe('gradcam refuses', () => {
  const layers = ['conv2d', 'conv2d_1', 'conv2d_2', 'conv2d_3', 'conv2d_4'];
  const run = ['--run', 'FOLDER/a'];
  const image = ['--image', 'FOLDER/photo.png'];
  const cases: [string[], string][] = [
    [image, '--run: expected a value, got none'],
    [run, '--image: expected a value, or sample, got none'],
    [['--run', 'FOLDER/nowhere', ...image], "--run: expected a folder, got 'FOLDER/nowhere'; there is no such folder"],
    [
      ['--run', 'FOLDER/a/weights', ...image],
      "--run: expected the folder of a finished training, got 'FOLDER/a/weights' without result.json",
    ],
    [
      ['--run', 'FOLDER/experiment', ...image],
      "--run: expected the folder of a finished training, got 'FOLDER/experiment' without result.json; it holds an experiment; name the folder of one of its runs",
    ],
    [
      [...run, '--run', 'FOLDER/other', ...image],
      "--run: expected runs with pictures of 80 x 80 and classes bears, cats, as in 'FOLDER/a', got pictures of 32 x 32 and classes bears, cats in 'FOLDER/other'",
    ],
    [[...run, ...image, '--class', 'dogs'], "--class: expected one of the classes bears (0), cats (1), got 'dogs'"],
    [[...run, ...image, '--class', '2'], "--class: expected one of the classes bears (0), cats (1), got '2'"],
    [
      [...run, ...image, '--halves', 'cats,dogs'],
      "--halves: expected one of the classes bears (0), cats (1), got 'dogs'",
    ],
    [[...run, ...image, '--halves', 'cats'], "--halves: expected two classes left,right, got 'cats'"],
    [[...run, ...image, '--score', 'loss'], "--score: expected one of probability, logit, got 'loss'"],
    [
      [...run, ...image, '--occlude', '1,2,3'],
      "--occlude: expected four integers top,left,height,width in pixels, got '1,2,3'",
    ],
    [
      [...run, ...image, '--occlude', '80,0,11,5'],
      '--occlude: expected a region with an area inside the picture (90 rows, 110 columns), got top 80, left 0, height 11, width 5',
    ],
  ];

  it.each(cases)('%j', (args, expected) => {
    const out = inside('refused');
    const filled = args.map((arg) => arg.replace('FOLDER', folder));
    expect(samebits(['gradcam', ...filled, '--out', out])).toEqual({
      code: 2,
      stdout: '',
      stderr: `samebits: ${expected.replaceAll('FOLDER', folder)}\n`,
    });
    expect(existsSync(out)).toBe(false);
  });

  it('an unknown layer, with those there are', () => {
    const { code, stderr } = gradcam(...run.map((arg) => arg.replace('FOLDER', folder)), '--layer', 'dense');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^samebits: --layer: expected one of the layers .* of keras_convnet, got 'dense'\n$/);
    for (const layer of layers) expect(stderr).toMatch(new RegExp(`[ ,]${layer}[ ,]`));
  });

  const pictures: [string, string][] = [
    ['nowhere.png', "a readable picture 'FOLDER/nowhere.png', got ENOENT: no such file or directory"],
    ['a', "a picture file 'FOLDER/a', got no regular file"],
    ['tiny.png', "a picture of at least 8 x 8 pixels, got 20 x 7 in 'FOLDER/tiny.png'"],
    ['cmyk.jpg', "a whole picture 'FOLDER/cmyk.jpg', got CMYK picture; convert it to RGB"],
    ['deep.png', "a whole picture 'FOLDER/deep.png', got 16-bit picture; convert it to 8 bits"],
  ];

  it.each(pictures)('the picture %s', (name, expected) => {
    expect(samebits(['gradcam', '--run', inside('a'), '--image', inside(name), '--out', inside('refused')])).toEqual({
      code: 1,
      stdout: '',
      stderr: `samebits: --image: expected ${expected.replace('FOLDER', folder)}\n`,
    });
  });

  it.each(['cut.png', 'text.png'])('the damaged picture %s', (name) => {
    const { code, stdout, stderr } = samebits([
      ...['gradcam', '--run', inside('a'), '--image', inside(name), '--out', inside('refused')],
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^samebits: --image: expected a whole picture '.*', got .+\n$/);
  });

  it('a run whose weights were altered by one byte, or whose result is no result', () => {
    trained('altered', '--model', 'keras_convnet', '--image-size', '80', '--seed', '1');
    const weights = inside('altered/weights/epoch-0001.safetensors');
    const bytes = readFileSync(weights);
    bytes[bytes.length - 9]! ^= 1;
    writeFileSync(weights, bytes);
    const { code, stderr } = gradcam('--run', inside('altered'), '--out', inside('refused'));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^samebits: readRun: expected weights sha256:\\w{64} in '${weights}', got sha256:\\w{64}\n$`),
    );
    writeFileSync(inside('altered/result.json'), '{"model": "keras_convnet"}');
    expect(gradcam('--run', inside('altered'), '--out', inside('refused'))).toEqual({
      code: 1,
      stdout: '',
      stderr: `samebits: --run: expected the result of a training in '${inside('altered/result.json')}', got no valid settings\n`,
    });
    expect(existsSync(inside('refused'))).toBe(false);
  });
});

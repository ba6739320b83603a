// `samebits classify`: tables of pictures by a run, a file of Keras and a network by name, on several targets; and its refusals.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradCam, layers, overlay, resizeHeat, saveWeights, sequential } from '../../lib/index.js';
import { networks } from '../../lib/networks/index.js';
import { hashTensors, modelOfRun, readRun, restoreRun } from '../../lib/runs/index.js';
import { createRuntime } from '../../lib/runtime/index.js';
import { openModel } from '../../lib/tasks/index.js';
import { tensor } from '../../lib/tensor/index.js';
import { root as checkout } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

const root = mkdtempSync(path.join(tmpdir(), 'samebits-classify-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => path.join(root, name);

const environment = { SAMEBITS_CACHE: at('cache') };
const run = (...args: string[]) => {
  const { code, stdout, stderr } = samebits(args, environment, root);
  expect(code, stderr).toBe(0);
  return stdout;
};
const refused = (...args: string[]) => {
  const { code, stdout, stderr } = samebits(['classify', ...args], environment, root);
  expect([code === 0, stdout]).toEqual([false, '']);
  return stderr.trimEnd();
};

const side = 12;
const pixelsOf = (salt: number) => Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 37 + salt * 53) % 256);
const colours = ['blue', '=green', 'red'];
/** A picture in which one channel is bright, by class. */
const coloured = (label: number, salt: number) =>
  sharp(
    pixelsOf(salt).map((value, i) => (i % 3 === 2 - label ? 150 + (value % 100) : value % 90)),
    { raw: { height: side, width: side, channels: 3 } },
  ).png();

const built = async (shape: number[], units: number, runtime = createRuntime({ threads: 1 })) =>
  sequential(
    [
      layers.input({ shape }),
      layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.globalAveragePooling2d(),
      layers.dense({ units, activation: units === 1 ? 'sigmoid' : 'softmax' }),
    ],
    { name: 'small' },
  ).build({ runtime, seed: 5 });

beforeAll(async () => {
  for (const [label, name] of colours.entries()) {
    mkdirSync(at(`photos/${name}`), { recursive: true });
    for (let i = 0; i < 6; i++) await coloured(label, i).toFile(at(`photos/${name}/${i}.png`));
  }
  await coloured(0, 50).toFile(at('blue.png'));
  await coloured(2, 51).toFile(at('red.png'));
  const lines = [
    "import { defineModel, layers, sequential } from 'samebits';",
    'export default defineModel({ name: "linear", optimizer: "adam:learningRate=0.002", build: ({ sampleShape, classes }) => sequential([',
    'layers.input({ shape: sampleShape }), layers.rescaling({ scale: 1 / 255 }), layers.flatten(), layers.dense({ units: classes, activation: "softmax" })]) });',
  ];
  writeFileSync(at('linear.mjs'), lines.join('\n'));
  mkdirSync(at('node_modules'));
  symlinkSync(checkout, at('node_modules/samebits'), 'dir');
  const asked = ['--model', './linear.mjs', '--data', 'photos', '--image-size', String(side), '--batch-size', '6'];
  run('train', ...asked, '--epochs', '5', '--out', 'trained');
  const net = await built([side, side, 3], 4);
  await net.save(at('four.keras'));
  await net.save(at('four.h5'));
  const one = await built([side, side, 1], 1);
  await one.save(at('one.keras'));
  const open = await sequential([
    layers.input({ shape: [side, side, 3] }),
    layers.flatten(),
    layers.dense({ units: 2 }),
  ]).build({
    runtime: createRuntime({ threads: 1 }),
  });
  await open.save(at('logits.keras'));
  writeFileSync(at('names.txt'), 'ant\nbee\ncat\ndog\n');
  writeFileSync(at('imagenet.json'), '{"1":["n2","bee"],"0":["n1","ant"],"2":["n3","cat"],"3":["n4","dog"]}');
}, 120_000);

/** What the network of the run says of a picture, as a library user computes it. */
async function said(pixels: Uint8Array): Promise<number[]> {
  const finished = readRun(at('trained'));
  using runtime = createRuntime({ threads: 1 });
  using model = restoreRun(finished, await modelOfRun(finished, 'test'), runtime);
  using x = tensor(runtime, Float32Array.from(pixels), [1, side, side, 3]);
  using outputs = model.predictOnBatch(x);
  return [...outputs.data()];
}

describe('samebits classify, of a run', () => {
  it('ranks the classes of each picture, with equal bits on every target', async () => {
    const targets = 'cpu/scalar/1thread,cpu/3threads,atomic/2threads';
    const found = JSON.parse(
      run('classify', 'blue.png', 'red.png', '--model', 'trained', '--targets', targets, '--json'),
    );
    expect(found).toMatchObject({ model: 'trained', network: './linear.mjs', classes: 3 });
    expect(found.targets.map(({ threads }: { threads: number }) => threads)).toEqual([1, 3, 2]);
    expect(found.targets[0].target).toBe('cpu/scalar/deterministic');
    expect(found.targets[2].target).toMatch(/^cpu\/\w+\/atomic$/);
    for (const [i, name, label, salt] of [
      [0, 'blue', 0, 50],
      [1, 'red', 2, 51],
    ] as const) {
      const { path: file, height, width, ranking, differences } = found.pictures[i];
      expect([file, height, width]).toEqual([`${name}.png`, side, side]);
      const own = await said(new Uint8Array(await coloured(label, salt).raw().toBuffer()));
      expect(ranking[0].class).toBe(name);
      const wanted = own
        .map((probability, k) => ({ probability, label: k, class: ['=green', 'blue', 'red'][k] }))
        .sort((a, b) => b.probability - a.probability)
        .map(({ probability, ...about }, k) => ({
          rank: k + 1,
          ...about,
          probabilities: [probability, probability, probability],
        }));
      expect(ranking).toEqual(wanted);
      const none = { classes: 0, bits: 0, largest: 0 };
      expect(differences).toEqual(
        found.targets.slice(1).map(({ target }: { target: string }) => ({ target, ...none })),
      );
    }
  });

  it('prints a table a picture, and says in how many bits targets differ', () => {
    const lines = run(
      'classify',
      'blue.png',
      '--model',
      'trained',
      '--targets',
      'scalar/1thread,scalar/2threads',
      '--top',
      '2',
    )
      .trimEnd()
      .split('\n');
    expect(lines[0]).toMatch(/^trained, \.\/linear\.mjs of 3 classes, weights sha256:[0-9a-f]{64}$/);
    expect(lines[2]).toBe('blue.png, 12 x 12');
    expect(lines[3]).toMatch(
      /^class +rank +cpu\/scalar\/deterministic, 1 thread +cpu\/scalar\/deterministic, 2 threads$/,
    );
    expect(lines[4]).toMatch(/^blue +1 +(0\.\d{8}) +\1$/);
    expect(lines[5]).toMatch(/^\S+ +2 +(0\.\d{8}) +\1$/);
    expect(lines[6]).toBe('cpu/scalar/deterministic differs in 0 bits');
    expect(lines).toHaveLength(7);
  });

  it('prints CSV that no spreadsheet computes', () => {
    const rows = run('classify', 'blue.png', '--model', 'trained', '--isa', 'scalar', '--threads', '1', '--csv')
      .trimEnd()
      .split('\r\n');
    expect(rows[0]).toBe('picture,rank,class,label,target,threads,probability,differing_bits');
    expect(rows[1]).toMatch(/^blue\.png,1,blue,1,cpu\/scalar\/deterministic,1,0\.\d+,0$/);
    expect(rows).toHaveLength(4);
    expect(rows.some((row) => row.includes(",'=green,0,"))).toBe(true);
  });

  it('sees another picture where a region is covered', () => {
    const ranked = (...more: string[]) =>
      JSON.parse(run('classify', 'blue.png', '--model', 'trained', '--json', ...more)).pictures[0].ranking[0]
        .probabilities[0];
    expect(ranked('--occlude', '0,0,6,12')).not.toBe(ranked());
  });
});

describe('samebits classify --gradcam', () => {
  const targets = 'cpu/scalar/1thread,cpu/2threads';
  const asked = ['classify', 'blue.png', 'red.png', '--model', 'four.keras', '--labels', 'names.txt'];

  it('lays the heat of ranks over each picture, as the library makes it, with equal bits on every target', async () => {
    const found = JSON.parse(
      run(...asked, '--top', '1', '--gradcam', '3,1', '--targets', targets, '--json', '--out', 'heat'),
    );
    using runtime = createRuntime({ threads: 1 });
    using net = await built([side, side, 3], 4, runtime);
    for (const [i, name, label, salt] of [
      [0, 'blue', 0, 50],
      [1, 'red', 2, 51],
    ] as const) {
      const { ranking, heats } = found.pictures[i];
      expect(ranking.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2, 3]);
      const pixels = new Uint8Array(await coloured(label, salt).raw().toBuffer());
      const picture = { height: side, width: side, pixels };
      for (const [k, rank] of [3, 1].entries()) {
        const { label, class: word } = ranking[rank - 1];
        const cam = gradCam(net, Float32Array.from(pixels), { class: label });
        const { height, width, values } = cam.heat;
        const hash = hashTensors([{ name: 'heat', dtype: 'float32', shape: [height, width], data: values }]);
        const { layer } = cam;
        expect(heats[k]).toEqual({
          ...{ rank, class: word, layer, maps: [10, 10], hasHeat: cam.peak > 0, hashes: [hash, hash] },
        });
        const file = at(`heat/${i + 1}-${name}-rank-${rank}-${word}.png`);
        const drawn = overlay(picture, resizeHeat(runtime, cam.heat, [side, side]));
        expect(new Uint8Array(await sharp(file).raw().toBuffer())).toEqual(drawn.pixels);
      }
    }
  });

  it('says under each table where the network looked, and where its pictures are', () => {
    const { stdout, stderr } = samebits([...asked, '--gradcam', '2', '--targets', targets], environment, root);
    const said =
      /^heat of rank 2, (?:ant|bee|cat|dog): conv2d\S*, 10 x 10, (?:sha256:[0-9a-f]{12}|no heat: nothing speaks for it), the same bits on 2 targets$/gm;
    expect(stdout.match(said)).toHaveLength(2);
    expect(stderr.match(/^wrote {6}classify\/[12]-(?:blue|red)-rank-2-\w+\.png$/gm)).toHaveLength(2);
  });
});

describe('samebits classify, of files', () => {
  const ranking = (...args: string[]) =>
    JSON.parse(run('classify', 'blue.png', '--json', ...args)).pictures[0].ranking as {
      class: string;
      probabilities: number[];
    }[];

  it('takes whole models of Keras, and names of classes as text and JSON', () => {
    const plain = ranking('--model', 'four.keras');
    expect(plain.map(({ class: name }) => name).sort()).toEqual(['0', '1', '2', '3']);
    const letters = ['ant', 'bee', 'cat', 'dog'];
    const named = plain.map((one) => ({ ...one, class: letters[Number(one.class)] }));
    expect(ranking('--model', 'four.keras', '--labels', 'names.txt')).toEqual(named);
    expect(ranking('--model', 'four.h5', '--labels', 'imagenet.json')).toEqual(named);
  });

  it('tells both classes of one output, of grey pictures', () => {
    const [first, second] = ranking('--model', 'one.keras');
    expect(first!.probabilities[0]! + second!.probabilities[0]!).toBeCloseTo(1, 6);
  });

  it('preprocesses as Keras does', async () => {
    const pixels = new Uint8Array(await coloured(0, 50).raw().toBuffer());
    using runtime = createRuntime({ threads: 1 });
    using net = await built([side, side, 3], 4, runtime);
    using x = tensor(runtime, networks.preprocess(pixels, 'caffe'), [1, side, side, 3]);
    using outputs = net.predictOnBatch(x);
    const found = ranking('--model', 'four.keras', '--preprocessing', 'caffe');
    expect(found.map(({ probabilities }) => probabilities[0])).toEqual([...outputs.data()].sort((a, b) => b - a));
    expect(found).not.toEqual(ranking('--model', 'four.keras'));
  });

  it('takes a network by name with weights out of a file, in its own size', async () => {
    const form = { sampleShape: [28, 28, 1], targets: { kind: 'class', shape: [], classes: 10 } } as const;
    using runtime = createRuntime({ threads: 1 });
    using net = (await openModel('test', 'lenet5')).build(form).build({ runtime, seed: 3 });
    await saveWeights(net, at('lenet.safetensors'));
    const grey = Uint8Array.from({ length: 28 * 28 }, (_, i) => (i * 7) % 256);
    await sharp(grey, { raw: { height: 28, width: 28, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(at('digit.png'));
    using x = tensor(runtime, Float32Array.from(grey), [1, 28, 28, 1]);
    using outputs = net.predictOnBatch(x);
    const args = ['--model', 'lenet5', '--weights', 'lenet.safetensors', '--top', '10', '--json'];
    const { ranking: found } = JSON.parse(run('classify', 'digit.png', ...args)).pictures[0];
    expect(found.map(({ probabilities }: { probabilities: number[] }) => probabilities[0])).toEqual(
      [...outputs.data()].sort((a, b) => b - a),
    );
  });
});

describe('samebits classify refuses', () => {
  it.each([
    [['blue.png'], '--model: expected a value, got none'],
    [[], 'picture: expected a value, got none'],
    [['blue.png', '--model', 'nets'], '--model: expected model to be one of '],
    [
      ['blue.png', '--model', 'lenet5'],
      "--model: expected weights beside 'lenet5', got none; a network by name has no weights of its own",
    ],
    [
      ['blue.png', '--model', 'four.keras', '--weights', 'x.h5'],
      "--model: expected no weights beside 'four.keras', which has its own, got 'x.h5'",
    ],
    [
      ['blue.png', '--model', 'photos'],
      "--model: expected the folder of a finished training, got 'photos' without result.json",
    ],
    [
      ['none.png', '--model', 'four.keras'],
      "classify: expected a readable picture 'none.png', got ENOENT: no such file or directory",
    ],
    [
      ['names.txt', '--model', 'four.keras'],
      "classify: expected a whole picture 'names.txt', got the file is none of jpeg, png, gif, webp",
    ],
    [
      ['blue.png', '--model', 'four.keras', '--labels', 'linear.mjs'],
      '--labels: expected names of the 4 classes of the network, got 3',
    ],
    [
      ['blue.png', '--model', 'four.keras', '--labels', 'none.json'],
      "--labels: expected a text file 'none.json', got ENOENT: no such file or directory",
    ],
    [['blue.png', '--model', 'logits.keras'], 'classify: expected outputs from 0 to 1, got '],
    [
      ['blue.png', '--model', 'four.keras', '--targets', 'gpu'],
      '--targets: expected words of cpu, cuda, auto, scalar, ',
    ],
    [
      ['blue.png', '--model', 'four.keras', '--targets', 'scalar/auto'],
      "--targets: expected each of device, isa, mode and threads once, got 'scalar/auto'",
    ],
    [
      ['blue.png', '--model', 'four.keras', '--targets', '0threads'],
      "--targets: expected an integer from 1 to 1024, got '0'",
    ],
    [['blue.png', '--model', 'four.keras', '--json', '--csv'], '--csv: expected no --json beside it, got it'],
    [['blue.png', '--model', 'four.keras', '--gradcam', '0'], "--gradcam: expected an integer >= 1, got '0'"],
    [['blue.png', '--model', 'four.keras', '--gradcam', '2,2'], "--gradcam: expected every number once, got '2,2'"],
    [['blue.png', '--model', 'four.keras', '--gradcam', '5'], '--gradcam: expected ranks from 1 to 4, got 5'],
    [['blue.png', '--model', 'four.keras', '--out', 'x'], '--out: expected --gradcam beside it, got none'],
    // Before any picture is read.
    [
      ['none.png', '--model', 'four.keras', '--gradcam', '1', '--out', 'blue.png'],
      "--out: expected to make 'blue.png', got ",
    ],
    [['blue.png', '--model', 'four.keras', '--top', '0'], "--top: expected an integer >= 1, got '0'"],
    [
      ['blue.png', '--model', 'four.keras', '--occlude', '9,0,9,2'],
      "--occlude 'blue.png': expected a region with an area inside the picture (12 rows, 12 columns), got top 9, left 0, height 9, width 2",
    ],
  ])('%j', (args, message) => {
    expect(refused(...args)).toContain(`samebits: ${message}`);
  });
});

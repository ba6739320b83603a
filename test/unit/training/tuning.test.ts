// Fine-tuning: weights out of every kind of file, another last layer, and layers that do not learn, by patterns of their names.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  createRuntime,
  FileError,
  freezeLayers,
  layers,
  loadWeights,
  type Model,
  networks,
  saveWeights,
  sequential,
  type TrainOptions,
  type TrainRequest,
  train,
  verifyReceipt,
} from '../../../lib/index.js';
import { readSafetensors, weightsPath } from '../../../lib/runs/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-tuning-'));
const at = (name: string) => join(folder, name);
const runtime = createRuntime({ threads: 1 });
const width = 1 / 32;
const settings = {
  ...{ model: 'resnet18', modelOptions: { width }, data: 'synthetic', samples: 4, imageSize: 32, batchSize: 2 },
  ...{ epochs: 1, threads: 1 },
} satisfies Partial<TrainOptions>;
let base: Model;

beforeAll(async () => {
  base = networks.resnet18({ imageSize: 32, width, classes: 7 }).build({ runtime, seed: 3 });
  for (const ending of ['weights.h5', 'safetensors', 'npz']) await saveWeights(base, at(`base.${ending}`));
  for (const ending of ['keras', 'h5']) await base.save(at(`base.${ending}`));
  await saveWeights(base, at('torch.safetensors'), { convention: 'pytorch' });
});
afterAll(() => {
  base.dispose();
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

/** A training, and what it noted. */
async function tuned(more: Partial<TrainRequest>) {
  const notes: string[] = [];
  const result = await train({ ...settings, ...more } as TrainRequest, { onNote: (note) => notes.push(note) });
  return { ...result, notes };
}

describe('a training that begins with weights of a file', () => {
  const files = [
    'base.weights.h5',
    'base.keras',
    'base.h5',
    'base.safetensors',
    'base.npz',
    'pytorch:torch.safetensors',
  ];
  const placed = (file: string) => (file.startsWith('pytorch:') ? `pytorch:${at(file.slice(8))}` : at(file));

  it('takes all but the last layer, whatever the kind of file, and says so', async () => {
    const all = [];
    for (const file of files) all.push(await tuned({ weights: placed(file) }));
    expect(new Set(all.map(({ weightsHash }) => weightsHash)).size).toBe(1);
    expect(all.map(({ notes }) => notes)).toEqual(
      files.map((file) => [`100 weights of ${placed(file)}; fc/kernel, fc/bias begin with the seed`]),
    );
    expect((await tuned({})).weightsHash).not.toBe(all[0]!.weightsHash);
  });

  it('keeps frozen layers, statistics too, as they were, and is verified from its folder', async () => {
    const out = at('frozen');
    const { parameters } = await tuned({ weights: at('base.npz'), freeze: ['!fc'], out });
    expect(parameters).toBe(16 * 2 + 2);
    const before = new Map(base.namedWeights().map(({ name, weight }) => [name, weight.tensor.data()]));
    for (const { name, data } of readSafetensors(weightsPath(out, 1)).tensors) {
      if (!name.startsWith('fc/')) expect(data).toEqual(before.get(name));
    }
    expect(await verifyReceipt(out, { threads: 2, isa: 'scalar' })).toMatchObject({ equal: true });
  });

  it('takes the last layer as well where it fits, and notes no more', async () => {
    const first = networks.resnet18({ imageSize: 32, width, classes: 2 }).build({ runtime, seed: 4 });
    await saveWeights(first, at('whole.npz'));
    first.dispose();
    expect((await tuned({ weights: at('whole.npz') })).notes).toEqual([`102 weights of ${at('whole.npz')}`]);
  });

  it('refuses a file that is not there, and weights that do not fit, with all that became of them', async () => {
    await expect(tuned({ weights: at('no.h5') })).rejects.toThrow(
      new ArgumentError({
        who: 'train',
        expected: 'weights to be a file',
        got: `'${at('no.h5')}'`,
        hint: 'there is no such file',
      }),
    );
    const got =
      "0 matched; missing 'conv1_bn/gamma', 'conv1_bn/beta', 'conv1_bn/moving_mean', 'conv1_bn/moving_variance', 'conv_dw_1/kernel' and 131 more; of another shape 'conv1/kernel'; left over 'bn1/gamma', 'bn1/beta', 'bn1/moving_mean', 'bn1/moving_variance', 'layer1.0.conv1/kernel' and 96 more";
    const expected = `the weights of mobilenet in '${at('base.npz')}', but for those of its last layer`;
    await expect(tuned({ model: 'mobilenet', weights: at('base.npz') })).rejects.toThrow(
      new FileError({ who: 'train', expected, got }),
    );
  });
});

describe('loadWeights', () => {
  it('leaves weights of another shape as they are only where that is allowed', async () => {
    const net = networks.resnet18({ imageSize: 32, width, classes: 2 }).build({ runtime, seed: 5 });
    const head = net.getLayer('fc').getWeights();
    await expect(loadWeights(net, at('base.npz'))).rejects.toThrow(
      `weights: expected 'fc/kernel' [16, 2] in '${at('base.npz')}', got 'fc/kernel' [16, 7]`,
    );
    const { matched, missing, otherShape, leftOver } = await loadWeights(net, at('base.npz'), { otherShape: 'keep' });
    expect([matched.length, missing, otherShape, leftOver]).toEqual([100, [], ['fc/kernel', 'fc/bias'], []]);
    expect(net.getLayer('fc').getWeights()).toEqual(head);
    expect(net.getLayer('conv1').getWeights()).toEqual(base.getLayer('conv1').getWeights());
    net.dispose();
  });
});

describe('freezeLayers', () => {
  const { conv2d, dense, flatten, input, maxPooling2d } = layers;
  const make = () =>
    sequential([
      input({ shape: [8, 8, 1] }),
      sequential(
        [conv2d({ filters: 2, kernelSize: 3, name: 'first' }), conv2d({ filters: 2, kernelSize: 3, name: 'other' })],
        {
          name: 'stem',
        },
      ),
      maxPooling2d(),
      flatten(),
      dense({ units: 3, name: 'fore.head' }),
      dense({ units: 2, name: 'head' }),
    ]);
  const learning = (net: Model) =>
    net.namedWeights().flatMap(({ name, weight }) => (weight.trainable && name.endsWith('kernel') ? [name] : []));

  it.each([
    [['stem/*'], ['stem/first', 'stem/other'], ['fore.head/kernel', 'head/kernel']],
    [['stem/?i*'], ['stem/first'], ['stem/other/kernel', 'fore.head/kernel', 'head/kernel']],
    [['!head'], ['stem/first', 'stem/other', 'fore.head'], ['head/kernel']],
    [
      ['*.head', 'stem/first'],
      ['stem/first', 'fore.head'],
      ['stem/other/kernel', 'head/kernel'],
    ],
    [[], [], ['stem/first/kernel', 'stem/other/kernel', 'fore.head/kernel', 'head/kernel']],
  ])('%j', (patterns, frozen, left) => {
    const net = make();
    expect(freezeLayers(net, patterns)).toEqual(frozen);
    expect(learning(net)).toEqual(left);
  });

  it('refuses a pattern that fits no layer with weights, and one that leaves nothing to learn, before any is changed', () => {
    const net = make();
    const names = "'stem/first', 'stem/other', 'fore.head', 'head'";
    for (const pattern of ['flatten', 'fore?head2', 'heads*', 'foreXhead', '!*']) {
      expect(() => freezeLayers(net, ['head', pattern])).toThrow(
        new ArgumentError({
          who: 'freezeLayers',
          expected: `a pattern of names of layers with weights (${names})`,
          got: `'${pattern}'`,
        }),
      );
    }
    expect(() => freezeLayers(net, ['stem/*', '*head'])).toThrow(
      "freezeLayers: expected a layer left to learn, got all 4 with weights in 'stem/*', '*head'",
    );
    expect(learning(net)).toHaveLength(4);
  });

  it('is refused of a training before its data are read', async () => {
    await expect(tuned({ freeze: ['blok*'] })).rejects.toThrow(
      "freezeLayers: expected a pattern of names of layers with weights ('conv1', 'bn1', 'layer1.0.conv1', 'layer1.0.bn1', 'layer1.0.conv2' and 36 more), got 'blok*'",
    );
  });
});

// Networks known by name beside Keras's own and PyTorch's (keras_networks.py, torch_networks.py), narrow ones: files that Keras wrote load
// whole, and outputs agree within float32 rounding. Full-size files are the business of keras_full_size.py, on a machine with Keras.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { asFloat32, decodeNpz, encodeNpz } from '../../lib/formats/index.js';
import {
  createRuntime,
  loadModel,
  loadWeights,
  type Model,
  model,
  modelFromConfig,
  networks,
  tensor,
} from '../../lib/index.js';
import { preprocessedInput } from '../../lib/networks/preprocessing.js';
import { root } from '../architecture/sources.js';

const fixtures = join(root, 'test/agreement/fixtures/networks');
const folder = mkdtempSync(join(tmpdir(), 'samebits-networks-'));
const runtime = createRuntime({ threads: 1 });
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

/** The arrays that a script kept. */
const kept = (name: string) => {
  const path = join(fixtures, `${name}.npz`);
  return new Map(decodeNpz(readFileSync(path), path).map((array) => [array.name, array] as const));
};
const valuesOf = (arrays: ReturnType<typeof kept>, name: string) => asFloat32(arrays.get(name)!, { path: name });

/** A file of Keras, unpacked. */
function unpacked(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, `${name}.gz`))));
  return path;
}

/** The largest distance, as a share of the largest value. */
function apart(ours: ArrayLike<number>, theirs: Float32Array): number {
  expect(ours.length).toBe(theirs.length);
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0) / largest;
}

/** Float32 chains of fifty layers, of which many divide by a standard deviation, are off by this share of the largest output at most. */
const tolerance = 1e-4;

function predicted(net: Model, arrays: ReturnType<typeof kept>): Float32Array {
  const { shape } = arrays.get('x')!;
  const x = tensor(runtime, valuesOf(arrays, 'x'), shape);
  const y = net.predictOnBatch(x);
  const values = y.data() as Float32Array;
  x.dispose();
  y.dispose();
  return values;
}

const width = 1 / 32;
const makers = {
  inception_v3: () => networks.inceptionV3({ imageSize: [76, 91], classes: 5, width }),
  xception: () => networks.xception({ imageSize: [76, 91], classes: 5, width }),
  mobilenet: () => networks.mobilenet({ imageSize: [33, 48], classes: 5, width }),
  mobilenet_v2: () => networks.mobilenetV2({ imageSize: [33, 48], classes: 5, width }),
  resnet50: () => networks.resnet50({ imageSize: [33, 48], classes: 5, width }),
};

describe.each(['tf', 'torch', 'caffe'] as const)('preprocessing %s', (mode) => {
  const arrays = kept('preprocess');
  const pixels = valuesOf(arrays, 'pixels');
  const theirs = valuesOf(arrays, mode);

  it("has the bits of Keras's preprocess_input", () => {
    expect(networks.preprocess(pixels, mode)).toEqual(theirs);
    expect(networks.preprocess(pixels, mode === 'tf' ? 'torch' : 'tf')).not.toEqual(theirs);
  });

  it('is the same within rounding as layers, which Keras has too', () => {
    const { inputs, x } = preprocessedInput([5, 4, 3], mode);
    const net = model({ inputs, outputs: x }).build({ runtime });
    const given = tensor(runtime, pixels, [3, 5, 4, 3]);
    const y = net.predictOnBatch(given);
    expect(apart(y.data(), theirs)).toBeLessThan(4e-7);
    expect(modelFromConfig(JSON.parse(JSON.stringify(net))).sampleShapes.y).toEqual([5, 4, 3]);
    for (const one of [given, y]) one.dispose();
    net.dispose();
  });
});

describe.each([
  ['inception_v3', 'weights.h5'],
  ['inception_v3', 'h5'],
  ['xception', 'keras'],
  ['mobilenet', 'h5'],
  ['mobilenet_v2', 'weights.h5'],
  ['resnet50', 'weights.h5'],
] as const)('%s.%s of Keras', (tag, ending) => {
  const arrays = kept(tag);
  const theirs = valuesOf(arrays, 'predictions');
  const path = unpacked(`${tag}.${ending}`);

  it('gives every weight of the network of that name its values, and its predictions', async () => {
    const net = makers[tag]().build({ runtime });
    const before = apart(predicted(net, arrays), theirs);
    const { matched, missing, leftOver } = await loadWeights(net, path);
    expect([matched.length, missing, leftOver]).toEqual([net.weights.length, [], []]);
    expect(apart(predicted(net, arrays), theirs)).toBeLessThan(tolerance);
    expect(before).toBeGreaterThan(0.01); // a control: first values give others
    net.dispose();
  });

  it.runIf(ending !== 'weights.h5')('is a whole model, with its predictions', async () => {
    const net = await loadModel(path, { runtime });
    expect(apart(predicted(net, arrays), theirs)).toBeLessThan(tolerance);
    expect(
      net
        .namedWeights()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      makers[tag]()
        .namedWeights()
        .map(({ name }) => name)
        .sort(),
    );
    net.dispose();
  });
});

describe.each([
  ['resnet18', () => networks.resnet18({ imageSize: [36, 45], classes: 5, width })],
  ['resnet50', () => networks.resnet50({ imageSize: [36, 45], classes: 5, width, layout: 'torch' })],
  ['preact_resnet18', () => networks.preactResnet18({ imageSize: [36, 45], classes: 5, width })],
] as const)('the state_dict of %s of PyTorch', (tag, make) => {
  const arrays = kept(`${tag}_torch`);
  const path = join(folder, `${tag}.npz`);
  const state = [...arrays.values()].filter(({ name }) => name.startsWith('state/') && !name.includes('tracked'));
  writeFileSync(path, encodeNpz(state.map((array) => ({ ...array, name: array.name.slice('state/'.length) }))));

  it('loads by the names of its modules, and gives its logits and moving statistics', async () => {
    const net = make().build({ runtime });
    const { matched, missing, leftOver } = await loadWeights(net, path, { convention: 'pytorch' });
    expect([matched.length, missing, leftOver]).toEqual([net.weights.length, [], []]);
    // Logits but for a number that is the same in each row: what softmax takes no notice of.
    const probabilities = predicted(net, arrays);
    const logits = valuesOf(arrays, 'logits');
    const rows = [0, 1, 2].flatMap((row) => {
      const of = (values: ArrayLike<number>, i: number) => values[row * 5 + i]!;
      return [0, 1, 2, 3, 4].map((i) => of(logits, i) - of(logits, 0));
    });
    const ours = rows.map((_, i) => Math.log(probabilities[i]! / probabilities[i - (i % 5)]!));
    expect(apart(ours, Float32Array.from(rows))).toBeLessThan(tolerance);
    net.compile({ runtime, optimizer: 'sgd:learningRate=0', loss: 'categoricalCrossentropy' });
    const x = tensor(runtime, valuesOf(arrays, 'x'), arrays.get('x')!.shape);
    const y = tensor(
      runtime,
      Float32Array.from({ length: 15 }, (_, i) => Number(i % 5 === 0)),
      [3, 5],
    );
    net.trainOnBatch(x, y);
    const moved = net.namedWeights().filter(({ name }) => /moving/.test(name));
    expect(moved.length).toBe(2 * [...arrays.keys()].filter((name) => /^moved.*running_mean$/.test(name)).length);
    for (const { name, weight } of moved) {
      const entry = name.replace('/moving_mean', '.running_mean').replace('/moving_variance', '.running_var');
      expect(apart(weight.tensor.data(), valuesOf(arrays, `moved/${entry}`))).toBeLessThan(tolerance);
    }
    x.dispose();
    y.dispose();
    net.dispose();
  });
});

// Legacy .h5 files of Keras 2 (keras2_files.py): they predict and evaluate as there, and remember what the optimizer did; and what cannot be
// what Keras 2 meant is refused by name.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import {
  asFloat32,
  decodeHdf5,
  decodeNpz,
  encodeHdf5,
  type Hdf5Attribute,
  type Hdf5Content,
} from '../../lib/formats/index.js';
import {
  createRuntime,
  loadModel,
  loadWeights,
  modelConfig,
  modelFromConfig,
  tensor,
  weightsHash,
} from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-keras2-'));
const at = (name: string) => join(folder, name);
const runtime = createRuntime({ threads: 2 });
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});
const fixture = (name: string) => join(root, 'test/agreement/fixtures/files', name);
for (const name of ['keras2_row.h5', 'keras2_graph.h5', 'keras2_row.weights.h5']) {
  writeFileSync(at(name), gunzipSync(readFileSync(fixture(`${name}.gz`))));
}
const path = fixture('keras2.npz');
const data = new Map(decodeNpz(readFileSync(path), path).map((one) => [one.name, asFloat32(one, { path })]));

describe.each([
  ['row', 'RMSprop', 'velocity'],
  ['graph', 'Adam', 'momentum'],
] as const)('keras2_%s.h5', (tag, optimizer, slot) => {
  it('predicts what Keras 2 predicts, and goes on where it stood', async () => {
    using net = await loadModel(at(`keras2_${tag}.h5`), { runtime });
    const found = await net.predict(data.get('x')!);
    expectClose('predictions', found.data(), data.get(tag)!, 2e-6);
    expect([net.iterations, net.optimizer.className]).toEqual([2, optimizer]);
    expect(net.compiled.metrics.map(({ name }) => name)).toEqual(['accuracy']);
    const content = await decodeHdf5(readFileSync(at(`keras2_${tag}.h5`)), tag);
    const stored = (name: string) => content.arrays.find((one) => one.name.endsWith(`/${name}:0`))!;
    const word = optimizer === 'Adam' ? 'm' : 'rms';
    for (const [here, slots] of net.slots) {
      const name = here.replace('depthwise_conv2d/kernel', 'depthwise_conv2d/depthwise_kernel');
      const theirs = asFloat32(stored(`${name}/${word}`), { path: tag });
      expect(slots[slot]!.data(), name).toEqual(theirs);
      expect(theirs.some((value) => value !== 0)).toBe(true);
    }
    net.trainOnBatch(
      tensor(runtime, data.get('x')!, [6, 8, 8, 2]),
      tensor(runtime, new Float32Array(6 * (tag === 'row' ? 3 : 1)), [6, tag === 'row' ? 3 : 1]),
    );
    expect(net.iterations).toBe(3);
  });
});

it('weights alone are taken by names', async () => {
  using net = await loadModel(at('keras2_row.h5'), { runtime });
  using other = modelFromConfig(modelConfig(net)).build({ runtime, seed: 5 });
  await loadWeights(other, at('keras2_row.weights.h5'));
  expect(weightsHash(other)).toBe(weightsHash(net));
});

/** The attributes of a file itself. */
const rootOf = ({ groups }: Hdf5Content) => groups[''] as Record<string, Hdf5Attribute>;

describe('refuses', () => {
  const changed = async (change: (content: Hdf5Content, config: { layers: Layer[] }) => void) => {
    const content = await decodeHdf5(readFileSync(at('keras2_row.h5')), 'row');
    const model = JSON.parse(content.groups['']!['model_config'] as string);
    change(content, model.config);
    rootOf(content)['model_config'] = JSON.stringify(model);
    writeFileSync(at('changed.h5'), await encodeHdf5(content, 'changed'));
    return loadModel(at('changed.h5'), { runtime });
  };
  type Layer = { class_name: string; config: Record<string, unknown> };
  const norm = (axis: unknown) => ({ class_name: 'BatchNormalization', config: { name: 'bn', axis } });

  it.each<[string, Parameters<typeof changed>[0], string]>([
    [
      'a file of Keras 1',
      (content) => {
        rootOf(content)['keras_version'] = '1.2.2';
      },
      `loadModel: expected a file of Keras 2 or 3 in '${at('changed.h5')}', got one of Keras 1.2.2`,
    ],
    [
      'groups where Keras 2 had none',
      (_content, { layers }) => {
        layers.find((one) => one.class_name === 'SeparableConv2D')!.config['groups'] = 2;
      },
      'loadModel: expected groups of SeparableConv2D to be 1, got 2',
    ],
    [
      'channels that are not the last axis',
      (_content, { layers }) => void layers.splice(2, 0, norm([1])),
      "loadModel: expected axis 3, the last one, of BatchNormalization 'bn', got 1",
    ],
    [
      'weights that are not there, of a batch normalization over the last axis',
      (_content, { layers }) => void layers.splice(2, 0, norm([3])),
      `weights: expected the weights of the network in '${at('changed.h5')}', got none for 'bn/gamma (bn)', 'bn/beta (bn)', 'bn/moving_mean (bn)', 'bn/moving_variance (bn)'; missing: 'keep' leaves them as they are`,
    ],
    [
      'a rate that decays',
      (content) => {
        const training = JSON.parse(rootOf(content)['training_config'] as string);
        training.optimizer_config.config.decay = 0.1;
        rootOf(content)['training_config'] = JSON.stringify(training);
      },
      "loadModel: expected decay of 'RMSprop' to be 0, got 0.1",
    ],
  ])('%s', async (_what, change, message) => {
    await expect(changed(change)).rejects.toThrow(expect.objectContaining({ message }));
  });
});

// Files of another network, with layers that do not exist here, or damaged: one clear error each, and nothing half loaded. PyTorch's
// names and axes, both ways.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeHdf5, encodeHdf5, openZip, zipOf } from '../../../lib/formats/index.js';
import {
  createRuntime,
  layers,
  loadModel,
  loadWeights,
  type Model,
  readSafetensors,
  SamebitsError,
  saveWeights,
  sequential,
  weightsHash,
  writeSafetensors,
} from '../../../lib/index.js';
import { Words } from '../../../lib/random/index.js';
import { unpackInto } from '../../agreement/files.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-exchange-'));
const at = (name: string) => join(folder, name);
const runtime = createRuntime({ threads: 1 });
beforeAll(() => unpackInto(folder));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

const told = async (ask: Promise<unknown>) => {
  try {
    await ask;
    return 'nothing';
  } catch (error) {
    if (!(error instanceof SamebitsError)) throw error;
    return `${error.name} ${error.message}`.replaceAll(`${folder}/`, '');
  }
};

/** A copy of a `.keras` with another config, changed in place. */
function changed(change: (config: Record<string, unknown>) => void, entries: Record<string, Uint8Array> = {}): string {
  const zip = openZip(readFileSync(at('tiny.keras')), 'tiny');
  const config = JSON.parse(new TextDecoder().decode(zip.read('config.json')));
  change(config);
  const weights = zip.read('model.weights.h5');
  writeFileSync(
    at('changed.keras'),
    zipOf({ 'config.json': strToU8(JSON.stringify(config)), 'model.weights.h5': weights, ...entries }),
  );
  return at('changed.keras');
}
const layer = (config: Record<string, unknown>) =>
  (config['config'] as { layers: Record<string, unknown>[] }).layers[1]! as {
    class_name: string;
    config: Record<string, unknown>;
  };

const tiny = (units = 2, name = 'only'): Model =>
  sequential([layers.input({ shape: [3] }), layers.dense({ units, name })], { name: 'tiny' }).build({
    runtime,
    seed: 3,
  });

describe('a file that is no network of ours', () => {
  const load = (path: string, options = {}) => told(loadModel(path, { runtime, ...options }));

  it('names the layer that does not exist', async () => {
    const path = changed((config) => {
      layer(config).class_name = 'LSTM';
    });
    expect(await load(path)).toBe(
      "ArgumentError modelFromConfig: expected a layer of a class that is known, got 'LSTM'; one of your own is made known with registry([...])",
    );
  });

  it('names the loss that does not exist, and loads without it', async () => {
    const path = changed((config) => {
      (config['compile_config'] as Record<string, unknown>)['loss'] = 'poisson';
    });
    expect(await load(path)).toMatch(
      /^ArgumentError loadModel: expected an optimizer, a loss and metrics that exist here in 'changed.keras', got loadModel: expected loss to be one of .*, got 'poisson'; compile: false reads the network without them$/,
    );
    expect(await load(path, { compile: false })).toBe('nothing');
  });

  it('has weights of another shape', async () => {
    const path = changed((config) => {
      layer(config).config['units'] = 5;
    });
    expect(await load(path, { compile: false })).toBe(
      "FileError weights: expected 'only/kernel' [3, 5] in 'changed.keras', got 'layers/dense/vars/0' [3, 2]",
    );
  });

  it('has another ending, no network, a path out of it, no HDF5', async () => {
    expect(await load('net.onnx')).toBe(
      "ArgumentError loadModel: expected a file .keras or .h5, got 'net.onnx'; loadWeights takes weights alone",
    );
    expect(await load(at('tiny.weights.h5'))).toBe(
      "FileError loadModel: expected a network in 'tiny.weights.h5', got weights alone; loadWeights takes weights alone",
    );
    expect(await load(changed(() => {}, { '../evil': strToU8('') }))).toBe(
      "FileError zip: expected a whole archive 'changed.keras', got '../evil', a path out of the archive",
    );
    expect(await load(changed(() => {}, { 'model.weights.h5': strToU8('no h5') }))).toMatch(
      /^FileError hdf5: expected a whole HDF5 file 'changed.keras', got /,
    );
  });
});

describe('weights of another network', () => {
  it.each([
    ['tiny.weights.h5', "'layers/dense/vars/0' [3, 2]"],
    ['tiny.h5', "'model_weights/only/tiny/only/kernel' [3, 2]"],
  ])('in %s: of another shape, by name, and nothing is changed', async (name, got) => {
    using net = tiny(4);
    const before = weightsHash(net);
    expect(await told(loadWeights(net, at(name)))).toBe(
      `FileError weights: expected 'only/kernel' [3, 4] in '${name}', got ${got}`,
    );
    expect(weightsHash(net)).toBe(before);
  });

  it('missing and left over: refused, or reported', async () => {
    using net = tiny(2, 'another');
    expect(await told(loadWeights(net, at('tiny.h5')))).toBe(
      "FileError weights: expected the weights of the network in 'tiny.h5', got none for 'another/kernel (another)', 'another/bias (another)'; missing: 'keep' leaves them as they are",
    );
    const report = await loadWeights(net, at('tiny.h5'), { missing: 'keep', leftOver: 'ignore' });
    expect(report).toEqual({
      matched: [],
      missing: ['another/kernel', 'another/bias'],
      otherShape: [],
      leftOver: ['model_weights/only/tiny/only/bias', 'model_weights/only/tiny/only/kernel'],
    });
    expect((await loadWeights(net, at('tiny.h5'), { by: 'order' })).matched.map(({ weight }) => weight)).toEqual([
      'another/kernel',
      'another/bias',
    ]);
    writeSafetensors(at('one.safetensors'), {
      tensors: [{ name: 'x', dtype: 'float32', shape: [3, 2], data: new Float32Array(6) }],
      metadata: {},
    });
    const names = { 'another/kernel': 'x' };
    expect(await loadWeights(net, at('one.safetensors'), { names, missing: 'keep' })).toEqual({
      matched: [{ weight: 'another/kernel', tensor: 'x' }],
      missing: ['another/bias'],
      otherShape: [],
      leftOver: [],
    });
    expect(net.getWeights()[0]).toEqual(new Float32Array(6));
  });

  it('options that say nothing of a file are refused', async () => {
    using net = tiny();
    expect(await told(loadWeights(net, at('tiny.h5'), { convention: 'pytorch' }))).toBe(
      'ArgumentError loadWeights: expected no convention for a file .h5, got one',
    );
    expect(await told(loadWeights(net, 'a.bin'))).toBe(
      "ArgumentError loadWeights: expected a file .weights.h5, .keras, .h5, .hdf5, .safetensors, .npz, got 'a.bin'",
    );
    expect(await told(net.save('a.weights.h5'))).toBe(
      "ArgumentError save: expected a file .keras or .h5, got 'a.weights.h5'; saveWeights writes weights alone",
    );
  });
});

describe('damage that is drawn', () => {
  const drawer = (step: number) => {
    const words = new Words({ seed: 1803, stream: 7, step });
    return () => words.next() / 2 ** 32;
  };

  it.each(['tiny.keras', 'tiny.h5', 'tiny.weights.h5'])(
    'of %s is one clear error, or values that the file now says',
    async (name) => {
      const whole = readFileSync(at(name));
      for (let i = 0; i < 12; i++) {
        const draw = drawer(i);
        let bytes = Buffer.from(whole);
        if (i % 3 === 0) bytes = bytes.subarray(0, Math.floor(draw() * bytes.length));
        else
          for (let flips = 0; flips < (i % 3 === 1 ? 1 : 12); flips++)
            bytes[Math.floor(draw() * bytes.length)]! ^= 1 << Math.floor(draw() * 8);
        writeFileSync(at(`damaged.${name.slice(5)}`), bytes);
        using net = tiny();
        const before = weightsHash(net);
        const result = await told(loadWeights(net, at(`damaged.${name.slice(5)}`), { leftOver: 'ignore' }));
        if (result !== 'nothing') {
          expect(result).toMatch(/^FileError (hdf5|zip|weights): expected [^\n]*, got [^\n]+$/);
          expect(weightsHash(net)).toBe(before);
        }
        if (i % 3 === 0) expect(result).not.toBe('nothing');
      }
    },
  );

  it('of a library that never ends is ended', async () => {
    const content = await decodeHdf5(readFileSync(at('tiny.h5')), 'tiny');
    const bytes = await encodeHdf5(content, 'tiny');
    // No patience at all stands for a file that takes longer than there is.
    await expect(decodeHdf5(new Uint8Array(bytes), 'tiny', { patience: -bytes.length })).rejects.toThrow(
      "hdf5: expected a whole HDF5 file 'tiny', got one without an end",
    );
  });
});

describe("PyTorch's state_dict", () => {
  const { batchNormalization, conv2d, dense, depthwiseConv2d, flatten, input, reLU } = layers;
  const net = (seed: number) =>
    sequential([
      input({ shape: [4, 5, 2] }),
      conv2d({ filters: 3, kernelSize: [2, 3], name: 'a' }),
      batchNormalization({ name: 'n' }),
      depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, name: 'd' }),
      flatten(),
      reLU(),
      dense({ units: 2, name: 'f' }),
    ]).build({ runtime, seed });

  it('has other names and axes, and comes back', async () => {
    using one = net(1);
    using other = net(2);
    const modules = { a: 'features.0', n: 'features.1' };
    await saveWeights(one, at('torch.safetensors'), { convention: 'pytorch', modules });
    const { tensors } = readSafetensors(at('torch.safetensors'));
    const shapes = Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]));
    expect(shapes).toEqual({
      ...{ 'features.0.weight': [3, 2, 2, 3], 'features.0.bias': [3] },
      ...{
        'features.1.weight': [3],
        'features.1.bias': [3],
        'features.1.running_mean': [3],
        'features.1.running_var': [3],
      },
      ...{ 'd.weight': [6, 1, 2, 2], 'd.bias': [6], 'f.weight': [2, 2 * 2 * 6], 'f.bias': [2] },
    });
    const there = (name: string) => tensors.find((tensor) => tensor.name === name)!.data;
    const here = (name: string) =>
      one
        .namedWeights()
        .find((weight) => weight.name === name)!
        .weight.tensor.data();
    // Output 2, input 1, row 1, column 2 of a filter.
    expect(there('features.0.weight')[((2 * 2 + 1) * 2 + 1) * 3 + 2]).toBe(
      here('a/kernel')[((1 * 3 + 2) * 2 + 1) * 3 + 2],
    );
    // Channel 1's second output, row 0, column 1.
    expect(there('d.weight')[(1 * 2 + 1) * 4 + 1]).toBe(here('d/kernel')[((0 * 2 + 1) * 3 + 1) * 2 + 1]);
    // Unit 1 of what lies at row 1, column 0, channel 4 of [2, 2, 6] here, of [6, 2, 2] there.
    expect(there('f.weight')[1 * 24 + (4 * 2 + 1) * 2 + 0]).toBe(here('f/kernel')[((1 * 2 + 0) * 6 + 4) * 2 + 1]);
    const tracked = {
      name: 'features.1.num_batches_tracked',
      dtype: 'int32',
      shape: [],
      data: Int32Array.of(9),
    } as const;
    writeSafetensors(at('torch.safetensors'), { tensors: [...tensors, tracked].reverse(), metadata: {} });
    const report = await loadWeights(other, at('torch.safetensors'), { convention: 'pytorch', modules });
    expect(report.matched).toHaveLength(10);
    expect(weightsHash(other)).toBe(weightsHash(one));
  });

  it('has modules for layers that exist', async () => {
    using one = net(1);
    expect(await told(saveWeights(one, at('t.npz'), { convention: 'pytorch', modules: { b: 'x' } }))).toBe(
      "ArgumentError weights: expected modules for the layers 'a', 'n', 'd', 'f', got 'b'",
    );
  });
});

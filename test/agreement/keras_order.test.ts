// The order of layers in Keras's files, of drawn graphs with several inputs and outputs (keras_order.py), and that nothing of such a
// model is lost in a file: a layer that the order left out would keep its first values without a word.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kerasLayers } from '../../lib/exchange/index.js';
import { createRuntime, loadModel, loadWeights, modelFromConfig, saveWeights, weightsHash } from '../../lib/index.js';

const graphs = readFileSync(new URL('./fixtures/keras_order.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { config: { config: { name: string } }; layers: string[] });
const named = graphs.map((graph) => [graph.config.config.name, graph] as const);

const folder = mkdtempSync(join(tmpdir(), 'samebits-order-'));
const runtime = createRuntime({ threads: 1 });
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

it.each(named)('%s lists its layers as Keras does', (_name, { config, layers }) => {
  expect(kerasLayers(modelFromConfig(config as never)).map(({ name }) => name)).toEqual(layers);
});

describe('a model of several outputs', () => {
  const built = (seed: number) => modelFromConfig(graphs[3]!.config as never).build({ runtime, seed });

  it.each(['.keras', '.h5'])('is whole in a %s file', async (ending) => {
    const net = built(1);
    expect(net.parts.outputs.length).toBeGreaterThan(1);
    await net.save(join(folder, `net${ending}`));
    const read = await loadModel(join(folder, `net${ending}`), { runtime });
    expect(weightsHash(read)).toBe(weightsHash(net));
    expect(weightsHash(built(2)), 'control: another seed').not.toBe(weightsHash(net));
  });

  it.each(['net.weights.h5', 'net.safetensors', 'net.npz'])('has all of its weights in %s', async (name) => {
    const [net, other] = [built(1), built(2)];
    await saveWeights(net, join(folder, name));
    const { matched } = await loadWeights(other, join(folder, name));
    expect(matched.length).toBe(net.namedWeights().length);
    expect(weightsHash(other)).toBe(weightsHash(net));
  });

  it.each(['.keras', '.h5'])('holds how it learns in a %s file, unless it is not wanted', async (ending) => {
    const net = built(1);
    net.compile({ runtime, loss: net.parts.outputs.map(() => 'meanSquaredError' as const) });
    const read = async (name: string) => loadModel(join(folder, `${name}${ending}`), { runtime });
    await net.save(join(folder, `learnt${ending}`));
    await net.save(join(folder, `plain${ending}`), { optimizer: false });
    const found = [await read('learnt'), await read('plain')];
    expect(found.map((one) => [weightsHash(one), one.isCompiled])).toEqual([
      [weightsHash(net), true],
      [weightsHash(net), false],
    ]);
  });
});

// Reads a folder of files by Keras, compares what they compute with what Keras said, and writes each back for keras_opens.py:
//
//   node --import ./test/support/typescript_hooks.mjs test/agreement/keras_folder.ts FOLDER WRITTEN
//   python3 test/agreement/keras_opens.py FOLDER WRITTEN
//
// FOLDER holds TAG.keras, TAG.h5, TAG.weights.h5 and TAG.npz, whose arrays are w0/NAME, x, y, dy, predictions,
// predictions_training, moved/NAME, grad_inference/NAME, grad_training/NAME (also of x), and for rmsprop and adam OPTIMIZER/NAME after
// three steps of two samples. One line a file: the largest difference of each, as a share of the largest value of its array.

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asFloat32, decodeNpz } from '../../lib/formats/index.js';
import {
  createRuntime,
  gradients,
  loadModel,
  loadWeights,
  type Model,
  modelFromConfig,
  saveWeights,
  scope,
  tensor,
} from '../../lib/index.js';

const [folder, written] = process.argv.slice(2) as [string, string];
mkdirSync(written, { recursive: true });
const runtime = createRuntime({ threads: 2 });

type Values = Map<string, { shape: readonly number[]; values: Float32Array }>;

function valuesOf(tag: string): Values {
  const path = join(folder, `${tag}.npz`);
  const numbers = decodeNpz(readFileSync(path), path, (name) => name !== 'names');
  return new Map(numbers.map((one) => [one.name, { shape: one.shape, values: asFloat32(one, { path }) }]));
}

const largest = (list: ArrayLike<number>) =>
  Array.from(list).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const difference = (mine: ArrayLike<number>, { values }: { values: Float32Array }) =>
  largest(values.map((value, i) => mine[i]! - value)) / (largest(values) || 1);
const place = ({ shape, values }: { shape: readonly number[]; values: Float32Array }) => tensor(runtime, values, shape);
const rows = ({ shape, values }: { shape: readonly number[]; values: Float32Array }, first: number, count: number) => {
  const size = values.length / shape[0]!;
  return tensor(runtime, values.slice(first * size, (first + count) * size), [count, ...shape.slice(1)]);
};

function slopes(net: Model, data: Values, training: boolean): number {
  return scope(() => {
    const x = place(data.get('x')!);
    const weights = net.namedWeights().filter(({ weight }) => weight.trainable);
    const call = () => ({ loss: net.call([x], { training, step: 0, seed: 0 }) });
    const found = gradients(call, [x, ...weights.map(({ weight }) => weight.tensor)], place(data.get('dy')!)).gradients;
    const names = ['x', ...weights.map(({ name }) => name)];
    const form = training ? 'grad_training' : 'grad_inference';
    const differences = names.map((name, i) => difference(found[i]!.data(), data.get(`${form}/${name}`)!));
    for (const one of found) one!.dispose();
    return Math.max(...differences);
  });
}

const against = (net: Model, data: Values, form: string) =>
  Math.max(
    ...net.namedWeights().map(({ name, weight }) => difference(weight.tensor.data(), data.get(`${form}/${name}`)!)),
  );

async function judged(open: () => Promise<Model>, tag: string): Promise<Record<string, number>> {
  const data = valuesOf(tag);
  using net = await open();
  const found: Record<string, number> = { weights: against(net, data, 'w0') };
  found['predictions'] = difference((await net.predict(place(data.get('x')!))).data(), data.get('predictions')!);
  found['gradients'] = slopes(net, data, false);
  found['gradients in training'] = slopes(net, data, true);
  const moved = net.namedWeights().filter(({ name }) => data.has(`moved/${name}`));
  if (moved.length > 0) {
    found['moved statistics'] = Math.max(
      ...moved.map(({ name, weight }) => difference(weight.tensor.data(), data.get(`moved/${name}`)!)),
    );
  }
  for (const optimizer of ['rmsprop', 'adam']) {
    using one = await open();
    const classes = data.get('y')!.shape.at(-1)!;
    one.compile({ runtime, optimizer, loss: classes === 1 ? 'binaryCrossentropy' : 'categoricalCrossentropy' });
    for (let step = 0; step < 3; step++)
      one.trainOnBatch(rows(data.get('x')!, 2 * step, 2), rows(data.get('y')!, 2 * step, 2));
    found[`three steps of ${optimizer}`] = against(one, data, optimizer);
  }
  return found;
}

const tell = (file: string, found: Record<string, number>) =>
  console.log(
    file,
    Object.entries(found)
      .map(([name, value]) => `${name} ${value.toExponential(1)}`)
      .join(', '),
  );

for (const file of readdirSync(folder).filter((name) => /\.(keras|h5)$/.test(name))) {
  const path = join(folder, file);
  const tag = file.replace(/\.(keras|h5|weights\.h5)$/, '').replace(/\.weights$/, '');
  const isWeights = file.endsWith('.weights.h5');
  const open = async () => {
    if (!isWeights) return loadModel(path, { runtime });
    const net = modelFromConfig((await loadModel(join(folder, `${tag}.keras`), { runtime })).toJSON()).build({
      runtime,
      seed: 1,
    });
    await loadWeights(net, path);
    return net;
  };
  const net = await open();
  if (isWeights) await saveWeights(net, join(written, file));
  else await net.save(join(written, file));
  if (net.isCompiled)
    tell(file, { steps: net.iterations, weights: against(net, valuesOf(tag.split('_')[0]!), 'adam') });
  else tell(file, await judged(open, tag));
  net.dispose();
}
runtime.dispose();

// Whole models of real Keras, read: what they predict, their gradients, three steps on from where they stood. And written back: the
// same groups, arrays and configs as Keras's own files have. Keras opens what is written in keras_opens.py.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kerasPlaces, variablesOf } from '../../lib/exchange/index.js';
import { asFloat32 } from '../../lib/formats/index.js';
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
import { expectClose } from '../support/bits.js';
import { computed, entryOf, followed, hdf5Of, kerasFile, type Tag, tags, unpackInto } from './files.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-keras-files-'));
const at = (name: string) => join(folder, name);
const runtime = createRuntime({ threads: 2 });
beforeAll(() => unpackInto(folder));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

/** The weights in Keras's order: what learns, before what does not, in each layer. */
const inOrder = (net: Model) => kerasPlaces(net).flatMap(({ layer }) => [...variablesOf(layer)]);

const tensorOf = (data: ReturnType<typeof computed>, name: string) => {
  const { shape, values } = data.get(name)!;
  return tensor(runtime, values, shape);
};

/**
 * Float32 in orders of their own, as shares: of the largest prediction, of the largest of all gradients (that of PReLU's slopes is what
 * is left of large summands: Keras itself lies 2e-5 from float64 there, of 4e-3), of a weight's largest value.
 */
const near = { predictions: 1e-6, gradients: 2e-6, weights: 5e-6 };

describe.each(tags.flatMap((tag) => (['keras', 'h5'] as const).map((ending) => [tag, ending] as const)))(
  '%s.%s',
  (tag, ending) => {
    const open = () => loadModel(at(`${tag}.${ending}`), { runtime });

    it('predicts what Keras predicts', async () => {
      using net = await open();
      const data = computed(tag);
      const found = await net.predict(tensorOf(data, 'x'));
      expectClose('predictions', found.data(), data.get('predictions')!.values, near.predictions);
    });

    it('has the gradients of Keras', async () => {
      using net = await open();
      const data = computed(tag);
      const weights = inOrder(net).filter(({ trainable }) => trainable);
      scope(() => {
        const x = tensorOf(data, 'x');
        const call = () => ({ loss: net.call([x], { training: false, step: 0, seed: 0 }) });
        const wanted = [x, ...weights.map((weight) => weight.tensor)];
        const found = gradients(call, wanted, tensorOf(data, 'dy')).gradients;
        const all = [...data].filter(([name]) => name.startsWith('grad/')).flatMap(([, { values }]) => [...values]);
        const largest = Math.max(...all.map(Math.abs));
        for (const [i, gradient] of found.entries()) {
          const name = i === 0 ? 'grad/x' : `grad/${i - 1}`;
          expectClose(name, gradient!.data(), data.get(name)!.values, near.gradients, () => largest);
          gradient!.dispose();
        }
      });
    });

    it.runIf(followed.includes(tag))(
      'goes on where it stood: three steps more lead where they lead Keras',
      async () => {
        using net = await open();
        const data = computed(tag);
        expect(net.iterations).toBe(2);
        const batch = (name: string, step: number) => {
          const { shape, values } = data.get(name)!;
          const size = values.length / 10;
          return tensor(runtime, values.slice(2 * step * size, 2 * (step + 1) * size), [2, ...shape.slice(1)]);
        };
        for (const step of [2, 3, 4]) net.trainOnBatch(batch('x', step), batch('y', step));
        for (const [i, weight] of inOrder(net).entries()) {
          expectClose(weight.name, weight.tensor.data(), data.get(`after/${i}`)!.values, near.weights);
        }
      },
    );

    it('is written as it was read: the same groups, arrays and bits', async () => {
      using net = await open();
      await net.save(at(`written.${ending}`));
      const bytes = readFileSync(at(`written.${ending}`));
      const [mine, theirs] = [
        await hdf5Of(bytes, `written.${ending}`),
        await hdf5Of(kerasFile(tag, ending), `${tag}.${ending}`),
      ];
      const { model_config: config, training_config: training, ...others } = theirs.groups['']!;
      const { model_config: myConfig, training_config: myTraining, ...mineOthers } = mine.groups['']!;
      expect(mineOthers).toEqual(others);
      expect({ ...mine.groups, '': {} }).toEqual({ ...theirs.groups, '': {} });
      const byName = (list: typeof mine.arrays) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
      const last = (list: typeof mine.arrays) => byName(list).filter(({ name }) => !isProduct(tag, name));
      expect(last(mine.arrays)).toEqual(last(theirs.arrays));
      const product = (list: typeof mine.arrays) =>
        list.filter(({ name }) => isProduct(tag, name)).map((array) => asFloat32(array, { path: '' })[0]!);
      expect(product(mine.arrays).map((value) => value.toPrecision(6))).toEqual(
        product(theirs.arrays).map((value) => value.toPrecision(6)),
      );
      if (ending === 'keras') {
        const mineJson = entryOf(bytes, 'config.json') as Json;
        const theirJson = entryOf(kerasFile(tag, ending), 'config.json') as Json;
        expect(plain(mineJson)).toEqual(plain(theirJson));
        expect(plain(learning(mineJson['compile_config']))).toEqual(plain(learning(theirJson['compile_config'])));
        expect(entryOf(bytes, 'metadata.json')).toMatchObject({ keras_version: '3.15.1' });
      } else {
        expect(plain(JSON.parse(myConfig as string))).toEqual(plain(JSON.parse(config as string)));
        expect(plain(learning(JSON.parse(myTraining as string)))).toEqual(
          plain(learning(JSON.parse(training as string))),
        );
      }
    });
  },
);

/** Nadam's product of its momenta, which it computes by powers in float32, and we by multiplications. */
const isProduct = (tag: Tag, name: string) =>
  tag === 'row' && /^(optimizer\/vars\/18|optimizer_weights\/nadam\/variable)$/.test(name);

type Json = Record<string, unknown>;

/** What configs may differ in: numbers of shared objects, shapes that layers were built for, and what only we keep. */
const idle = new Set(['shared_object_id', 'build_config', 'compile_config', 'samebits', 'quantization_config']);

/** A config without that; the layers of a Functional by name, as each side lists them in its own order. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map(plain);
    const named =
      list.length > 0 && list.every((one) => typeof one === 'object' && one !== null && 'inbound_nodes' in one);
    return named ? list.sort((a, b) => ((a as Json)['name']! < (b as Json)['name']! ? -1 : 1)) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const table = value as Json;
  // A nested model stands under its class in Keras, and a Functional of its own has a dtype policy beside its layers.
  const isNetwork = Array.isArray(table['layers']);
  const kept = Object.entries(table).filter(
    ([name, one]) =>
      !idle.has(name) && !(name === 'registered_name' && one === 'Functional') && !(isNetwork && name === 'dtype'),
  );
  return Object.fromEntries(
    kept
      .filter(([, one]) => !(one === null))
      .map(([name, one]) => [name, name === 'kwargs' ? {} : name === 'dtype' ? dtypeOf(one) : plain(one)]),
  );
}

/** Of most layers Keras writes a policy, of SpatialDropout2D the name. */
const dtypeOf = (told: unknown): unknown =>
  typeof told === 'string' ? told : ((told as Json)['config'] as Json)['name'];

/** How it learns, a loss and metrics that Keras names by a word as their class in snake case, the rate in float32. */
function learning(value: unknown): unknown {
  const word = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(word);
    if (typeof one !== 'object' || one === null) return one;
    const name = (one as { class_name: string }).class_name;
    const words: Readonly<Record<string, string>> = {
      MeanAbsoluteError: 'mae',
      MeanSquaredError: 'mse',
      BinaryAccuracy: 'accuracy',
      CategoricalAccuracy: 'accuracy',
    };
    return words[name] ?? name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase();
  };
  const { loss, metrics, ...others } = value as Json;
  // Keras calls an optimizer that nobody named now `rmsprop`, now `rm_sprop`.
  const unnamed = JSON.parse(JSON.stringify(others).replace('"name":"rm_sprop"', '"name":"rmsprop"'));
  return { ...unnamed, loss: word(loss), metrics: word(metrics) };
}

describe.each(tags)('%s.weights.h5', (tag: Tag) => {
  const fresh = () => modelFromConfig(entryOf(kerasFile(tag, 'keras'), 'config.json')).build({ runtime, seed: 5 });

  it('is taken whole, and written as it was', async () => {
    using net = fresh();
    const report = await loadWeights(net, at(`${tag}.weights.h5`));
    expect(report.missing).toEqual([]);
    expect(report.leftOver).toEqual([]);
    expect(report.matched.map(({ weight }) => weight).sort()).toEqual(
      net
        .namedWeights()
        .map(({ name }) => name)
        .sort(),
    );
    const data = computed(tag);
    expectClose(
      'predictions',
      (await net.predict(tensorOf(data, 'x'))).data(),
      data.get('predictions')!.values,
      near.predictions,
    );
    await saveWeights(net, at('mine.weights.h5'));
    const mine = await hdf5Of(readFileSync(at('mine.weights.h5')), 'mine');
    const theirs = await hdf5Of(kerasFile(tag, 'weights.h5'), 'theirs');
    // Keras writes what its optimizer remembers here, too.
    const { optimizer: _, 'optimizer/vars': __, ...groups } = theirs.groups;
    expect(mine.groups).toEqual(groups);
    expect(new Set(mine.arrays)).toEqual(new Set(theirs.arrays.filter(({ name }) => !name.startsWith('optimizer/'))));
  });

  it('has the weights that .keras and .h5 have', async () => {
    using one = fresh();
    using other = fresh();
    for (const [net, ending] of [
      [one, 'keras'],
      [other, 'h5'],
    ] as const)
      await loadWeights(net, at(`${tag}.${ending}`), { leftOver: 'ignore' });
    expect(one.getWeights()).toEqual(other.getWeights());
  });
});

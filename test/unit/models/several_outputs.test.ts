// Models of three classes and samples of several values: predictions, accuracy, where a NaN is said to be, labels as targets.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Split, sequential, tensor } from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const kFeatures = 4;
const kClasses = 3;
const kCount = 10;
const x = uniforms(71, 1, kCount * kFeatures);
const labels = Uint32Array.from({ length: kCount }, (_, i) => (i * 2) % kClasses);
const oneHot = Float32Array.from({ length: kCount * kClasses }, (_, i) =>
  Number(labels[Math.floor(i / kClasses)] === i % kClasses),
);

function net() {
  const row = [layers.input({ shape: [kFeatures] }), layers.dense({ units: kClasses, activation: 'softmax' })] as const;
  return sequential(row).compile({ runtime, loss: 'categoricalCrossentropy', metrics: ['accuracy'], seed: 6 });
}

describe('three classes', () => {
  it('are predicted sample by sample, whatever the size of the batches', async () => {
    const made = net();
    const whole = [...made.predictOnBatch(tensor(runtime, x, [kCount, kFeatures])).data()];
    for (const batchSize of [1, 3, 4, 10, 32]) {
      const predicted = await made.predict(x, { batchSize });
      expect(predicted.shape).toEqual([kCount, kClasses]);
      expect([...predicted.data()]).toEqual(whole);
    }
  });

  it('are judged by the place of the largest', async () => {
    const made = net();
    const outputs = [...(await made.predict(x)).data()];
    const rows = Array.from({ length: kCount }, (_, i) => outputs.slice(i * kClasses, (i + 1) * kClasses));
    const hits = rows.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
    const loss = rows.reduce((sum, row, i) => sum - Math.log(row[labels[i]!]!), 0) / kCount;
    for (const batchSize of [3, 10]) {
      const logs = await made.evaluate({ x, y: oneHot }, { batchSize });
      expect(logs['accuracy']).toBe(hits / kCount);
      expect(logs['loss']).toBeCloseTo(loss, 5);
    }
  });

  it('as labels of a split are the one-hot targets of an array', async () => {
    const split: Split = {
      length: kCount,
      sampleShape: [kFeatures],
      targets: { kind: 'class', shape: [], classes: kClasses },
      labels,
      read: (indices) => {
        const rows = Array.from(indices, (index) => [...x.subarray(index * kFeatures, (index + 1) * kFeatures)]);
        const y = Array.from(indices, (index) => labels[index]!);
        return { x: Uint8Array.from(rows.flat(), (value) => Math.round(255 * value)), y };
      },
    };
    const bytes = Uint8Array.from(x, (value) => Math.round(255 * value));
    const options = { batchSize: 4, epochs: 2 };
    const [one, other] = [net(), net()];
    expect(await one.fit(split, options)).toEqual(await other.fit({ x: bytes, y: oneHot }, options));
    expect(await one.evaluate(split, { batchSize: 3 })).toEqual(
      await other.evaluate({ x: bytes, y: oneHot }, { batchSize: 3 }),
    );
  });
});

describe('a value that is not finite', () => {
  const places = [0, 3, 4, 7, 8, 39];
  it.each(places)('at place %i of the samples is said to be in its sample', async (place) => {
    const message = `predict: expected x without NaN and Infinity, got NaN in sample ${Math.floor(place / kFeatures)}`;
    const bad = Float32Array.from(x).fill(Number.NaN, place, place + 1);
    await expect(net().predict(bad)).rejects.toThrow(expect.objectContaining({ message }));
  });

  it.each([0, 2, 3, 29])('at place %i of the targets is said to be in its sample', async (place) => {
    const sample = Math.floor(place / kClasses);
    const message = `fit: expected y without NaN and Infinity, got -Infinity in sample ${sample}`;
    const bad = Float32Array.from(oneHot).fill(Number.NEGATIVE_INFINITY, place, place + 1);
    await expect(net().fit({ x, y: bad })).rejects.toThrow(expect.objectContaining({ message }));
  });
});

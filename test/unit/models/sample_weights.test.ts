// Weights of samples and classes in the loss and its gradients, and the share that is cut off for validation.

import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  type FitData,
  type FitOptions,
  layers,
  type Model,
  sequential,
  weightsHash,
} from '../../../lib/index.js';
import { weightedMean } from '../../../lib/models/weighted_loss.js';
import { binaryCrossentropy, gradients } from '../../../lib/ops/index.js';
import { tensor } from '../../../lib/tensor/index.js';
import { uniforms } from '../../support/inputs.js';
import { compileOptions, halves, small } from './small_model.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const compiled = (): Model => small().compile({ ...compileOptions(runtime), weightedMetrics: ['mse'] });
const data = halves(22);

const trained = async (given: FitData, options: FitOptions = {}) => {
  const net = compiled();
  const history = await net.fit(given, { epochs: 2, batchSize: 5, ...options });
  const told = { hash: weightsHash(net), history };
  net.dispose();
  return told;
};

describe('sample weights', () => {
  it('of 1 have the bits of none; others do not', async () => {
    const plain = await trained(data);
    expect(await trained({ ...data, sampleWeight: new Float32Array(22).fill(1) })).toEqual(plain);
    const other = await trained({ ...data, sampleWeight: Array.from({ length: 22 }, (_, i) => 1 + (i % 2)) });
    expect(other.hash).not.toBe(plain.hash);
    expect(other.history[0]!.logs['loss']).not.toBe(plain.history[0]!.logs['loss']);
  });

  it('scale losses and gradients sample by sample, over their number', () => {
    const n = 7;
    const weights = Float32Array.from({ length: n }, (_, i) => (i % 3) / 2);
    const p = Float32Array.from(uniforms(3, 1, 2 * n), (one) => 0.1 + 0.8 * one);
    const t = Float32Array.from({ length: 2 * n }, (_, i) => i % 2);
    const [x, y] = [tensor(runtime, p, [n, 2]), tensor(runtime, t, [n, 2])];
    const compute = (a: typeof x, b: typeof x) => binaryCrossentropy(a, b);
    const plain = gradients(() => ({ loss: compute(x, y) }), [x]).gradients[0]!.data();
    const { value, gradients: found } = gradients(() => ({ loss: weightedMean(compute, x, y, weights) }), [x]);
    expect([...found[0]!.data()]).toEqual([...plain].map((slope, i) => Math.fround(slope * weights[i >> 1]!)));
    const ofSample = (i: number) => -Math.log(t[i] === 1 ? p[i]! : 1 - p[i]!);
    const sum = [...weights].reduce((all, w, i) => all + (w * (ofSample(2 * i) + ofSample(2 * i + 1))) / 2, 0);
    expect(value.loss.item()).toBeCloseTo(sum / n, 6);
  });

  it('of 0 leave a sample out of the loss, but not out of their number', async () => {
    const net = compiled();
    const first = { x: data.x.subarray(0, 20), y: data.y.subarray(0, 10) };
    const alone = await net.evaluate(first);
    const all = await net.evaluate({ ...data, sampleWeight: data.y.map((_, i) => (i < 10 ? 1 : 0)) });
    expect(all['loss']!).toBeCloseTo((alone['loss']! * 10) / 22, 6);
    expect(all['mse']).toBe(alone['mse']);
    expect(all['accuracy']).not.toBe(alone['accuracy']);
    net.dispose();
  });

  it('of classes are those of samples of the classes, in training and not in validation', async () => {
    const sampleWeight = Float32Array.from(data.y, (label) => (label === 1 ? 2.5 : 1));
    const validationData = halves(9);
    const byClass = await trained(data, { classWeight: { 1: 2.5 }, validationData });
    expect(byClass).toEqual(await trained({ ...data, sampleWeight }, { validationData }));
    expect(byClass.hash).not.toBe((await trained(data, { classWeight: { 0: 2.5 } })).hash);
  });

  it.each<[string, FitData, FitOptions]>([
    ['fit: expected as many values of sampleWeight as samples (22), got 3', { ...data, sampleWeight: [1, 2, 3] }, {}],
    [
      'fit: expected sampleWeight of numbers >= 0, got -1 for sample 4',
      { ...data, sampleWeight: data.y.map((_, i) => (i === 4 ? -1 : 1)) },
      {},
    ],
    [
      'fit: expected sampleWeight or classWeight, got both',
      { ...data, sampleWeight: new Float32Array(22) },
      { classWeight: { 0: 1 } },
    ],
    ["fit: expected classWeight of classes from 0 to 1, got '2'", data, { classWeight: { 2: 1 } }],
    ['fit: expected classWeight of class 1 to be a number >= 0, got -3', data, { classWeight: { 1: -3 } }],
    ['fit: expected classWeight to be weights by the number of a class, got 3', data, { classWeight: 3 as never }],
    ['fit: expected validationSplit to be a number from 0, below 1, got 1', data, { validationSplit: 1 }],
    [
      'fit: expected validationSplit or validationData, got both',
      data,
      { validationSplit: 0.5, validationData: halves(4) },
    ],
  ])('are refused: %s', async (message, given, options) => {
    const net = compiled();
    const before = weightsHash(net);
    await expect(net.fit(given, options)).rejects.toThrow(expect.objectContaining({ message }));
    expect(weightsHash(net)).toBe(before);
    net.dispose();
  });
});

describe('validationSplit', () => {
  it('is the last share of the arrays, whatever form they have', async () => {
    const rows = (from: number, to: number) => ({ x: data.x.subarray(2 * from, 2 * to), y: data.y.subarray(from, to) });
    const cut = await trained(rows(0, 15), { validationData: rows(15, 22) });
    const nested = {
      x: Array.from({ length: 22 }, (_, i) => [data.x[2 * i]!, data.x[2 * i + 1]!]),
      y: [...data.y].map((one) => [one]),
    };
    const tensors = { x: tensor(runtime, data.x, [22, 2]), y: tensor(runtime, data.y, [22, 1]) };
    // 22 * (1 - 0.3) = 15.4
    for (const form of [data, nested, tensors]) expect(await trained(form, { validationSplit: 0.3 })).toEqual(cut);
    const first = await trained(rows(7, 22), { validationData: rows(0, 7) });
    expect(first.hash).not.toBe(cut.hash);
  });

  it('cuts weights, too', async () => {
    const sampleWeight = Array.from({ length: 22 }, (_, i) => i);
    const part = (from: number, to: number) => ({
      x: data.x.subarray(2 * from, 2 * to),
      y: data.y.subarray(from, to),
      sampleWeight: sampleWeight.slice(from, to),
    });
    expect(await trained({ ...data, sampleWeight }, { validationSplit: 0.5 })).toEqual(
      await trained(part(0, 11), { validationData: part(11, 22) }),
    );
  });

  it('leaves a sample on each side, or is refused', async () => {
    const few = halves(2);
    const message = 'fit: expected validationSplit to leave samples of 2 on both sides, got 0.9';
    await expect(trained(few, { validationSplit: 0.9 })).rejects.toThrow(expect.objectContaining({ message }));
    const net = sequential([layers.input({ shape: [2] }), layers.dense({ units: 1, activation: 'sigmoid' })]);
    net.compile(compileOptions(runtime));
    const [first] = await net.fit(few, { validationSplit: 0.5 });
    expect(Object.keys(first!.logs)).toEqual(['loss', 'accuracy', 'valLoss', 'valAccuracy']);
  });
});

// What does not fit, drawn at random, kind by kind: one clear error each, of one line, and nothing is changed by it. Files that are
// damaged, lead out of their archive, or lack layers are drawn in test/unit/exchange.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  add,
  argmax,
  concatenate,
  createRuntime,
  divide,
  gather,
  layers,
  loadWeights,
  type Model,
  maximum,
  metrics,
  multiply,
  optimizers,
  readNpy,
  readSafetensors,
  SamebitsError,
  saveWeights,
  schedules,
  sequential,
  softmax,
  subtract,
  sum,
  tensor,
  weightsHash,
  zeros,
} from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-bad-input-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

const seed = 1817;
const runs = { seed, numRuns: 20 };
const clear = /^[^\n:]+: expected [^\n]+, got [^\n]+$/;

/** The name of the error of a call, which has to be one of ours with a clear message. */
async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof SamebitsError)) throw error;
    expect(error.message).toMatch(clear);
    return error.name;
  }
  return 'nothing';
}

const units = 3;
const net = (): Model =>
  sequential([layers.input({ shape: [2] }), layers.dense({ units, activation: 'softmax' })]).compile({
    ...{ runtime, seed: 2 },
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });

/** Throws unless a call is refused by an error of this name, and the model is what it was before. */
async function unchanged(name: string, call: (model: Model) => unknown): Promise<void> {
  using model = net();
  model.trainOnBatch(tensor(runtime, [1, 2], [1, 2]), tensor(runtime, [1]));
  const [weights, { iterations, compiled }] = [weightsHash(model), model];
  expect(await refusal(() => call(model))).toBe(name);
  expect([weightsHash(model), model.iterations, model.compiled === compiled]).toEqual([weights, iterations, true]);
  // It still learns.
  model.trainOnBatch(tensor(runtime, [1, 2], [1, 2]), tensor(runtime, [1]));
}

const length = fc.integer({ min: 2, max: 5 });
const outside = (rank: number) =>
  fc.oneof(fc.integer({ min: rank, max: 99 }), fc.integer({ min: -99, max: -rank - 1 }));

describe(`is refused, seed ${seed}:`, () => {
  it('shapes that do not broadcast', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(add, subtract, multiply, divide, maximum), length, length, async (op, n, m) => {
        fc.pre(n !== m);
        expect(await refusal(() => op(zeros(runtime, [4, n]), zeros(runtime, [m])))).toBe('ShapeError');
      }),
      runs,
    ));

  it('axes that are not there', () =>
    fc.assert(
      fc.asyncProperty(outside(2), async (axis) => {
        const x = zeros(runtime, [2, 3]);
        for (const call of [
          () => sum(x, { axes: [axis] }),
          () => concatenate([x, x], { axis }),
          () => gather(x, [0], { axis }),
          () => argmax(x, { axis }),
        ]) {
          expect(await refusal(call)).toBe('ArgumentError');
        }
        expect(await refusal(() => softmax(zeros(runtime, [])))).toBe('ShapeError');
      }),
      runs,
    ));

  it('a class outside, whatever sample has it', () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: 5 }), fc.constantFrom(-1, 3, 0.5, 9, Number.NaN), (sample, label) =>
        unchanged('DataError', (model) => {
          const y = Array.from({ length: 6 }, (_, i) => (i === sample ? label : i % units));
          return model.fit({ x: new Float32Array(12), y }, { batchSize: 2, shuffle: false });
        }),
      ),
      runs,
    ));

  it('weights of another length', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 8 }), { maxLength: 3 }), async (lengths) => {
        fc.pre(!(lengths.length === 2 && lengths[0] === 2 * units && lengths[1] === units));
        const name = lengths.length === 2 ? 'ShapeError' : 'ArgumentError';
        await unchanged(name, (model) => model.setWeights(lengths.map((n) => new Float32Array(n))));
      }),
      runs,
    ));

  it('a metric that does not fit the outputs', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          metrics.precision({ classId: units }),
          metrics.meanIoU({ numClasses: units + 1 }),
          'precision:classId=7',
          'confusionMatrix:numClasses=2',
        ),
        (metric) =>
          unchanged('ArgumentError', (model) =>
            model.compile({ runtime, loss: 'categoricalCrossentropy', metrics: [metric] }),
          ),
      ),
      runs,
    ));

  it('a schedule with a negative rate', () =>
    fc.assert(
      fc.asyncProperty(fc.double({ max: -1e-6, min: -1e6, noNaN: true }), async (rate) => {
        for (const call of [
          () => schedules.exponentialDecay({ initialLearningRate: rate, decaySteps: 2, decayRate: 0.5 }),
          () => schedules.cosineDecay({ initialLearningRate: rate, decaySteps: 2 }),
          () => schedules.polynomialDecay({ initialLearningRate: rate, decaySteps: 2 }),
          () => schedules.piecewiseConstantDecay({ boundaries: [1], values: [0.1, rate] }),
          () => optimizers.adam({ learningRate: rate }),
        ]) {
          expect(await refusal(call)).toBe('ArgumentError');
        }
      }),
      runs,
    ));

  it('a file of another architecture', () =>
    fc.assert(
      fc.asyncProperty(length, fc.boolean(), fc.constantFrom('safetensors', 'npz'), async (n, deep, ending) => {
        fc.pre(n !== units || deep);
        const more = deep ? [layers.dense({ units: 2 })] : [];
        using other = sequential([layers.input({ shape: [2] }), layers.dense({ units: n }), ...more]);
        other.build({ runtime, seed: 1 });
        const path = join(folder, `other.${ending}`);
        await saveWeights(other, path);
        await unchanged('FileError', (model) => loadWeights(model, path));
      }),
      runs,
    ));

  it('sizes above 2^31', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 31, max: 52 }), async (power) => {
        const many = 2 ** power;
        const header = JSON.stringify({ x: { dtype: 'F32', shape: [many], data_offsets: [0, 4 * many] } });
        const size = Buffer.alloc(8);
        size.writeBigUInt64LE(BigInt(header.length));
        writeFileSync(join(folder, 'large.safetensors'), Buffer.concat([size, Buffer.from(header), Buffer.alloc(16)]));
        expect(await refusal(() => readSafetensors(join(folder, 'large.safetensors')))).toBe('FileError');
        const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${many},), }`.padEnd(117);
        const npy = Buffer.concat([
          Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]),
          Buffer.from(`${text}\n`),
          Buffer.alloc(16),
        ]);
        writeFileSync(join(folder, 'large.npy'), npy);
        expect(await refusal(() => readNpy(join(folder, 'large.npy')))).toBe('FileError');
        if (power >= 42) expect(await refusal(() => zeros(runtime, [many]))).not.toBe('nothing');
      }),
      runs,
    ));
});

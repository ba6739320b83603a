// Regularizers and constraints: what they compute, in which order the loss gets them, that they rest where nothing learns, and what is
// refused. Against Keras they are held in test/agreement.

import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  layers,
  type Model,
  modelConfig,
  modelFromConfig,
  registry,
  sequential,
  tensor,
} from '../../../lib/index.js';
import * as ops from '../../../lib/ops/index.js';

const { constraints, regularizers } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const x = tensor(runtime, [0.3, -0.7, 1.1, 0.2, -0.9, 0.4], [2, 3]);
const y = tensor(runtime, [0.5, -0.25], [2, 1]);

const net = (first: object, second: object = {}): Model =>
  sequential([
    layers.input({ shape: [3] }),
    layers.dense({ units: 4, ...first }),
    layers.dense({ units: 1, ...second }),
  ]).compile({ runtime, loss: 'meanSquaredError', optimizer: 'sgd:learningRate=0.1', seed: 3 });

describe('regularizers', () => {
  it('are added to the loss one after the other, in the order of the weights', () => {
    const [a, b] = [regularizers.l1l2({ l1: 0.3, l2: 0.7 }), regularizers.l2({ l2: 0.9 })];
    const plain = net({});
    const model = net({ kernelRegularizer: a }, { kernelRegularizer: b });
    const [first, , second] = model.weights;
    const want = [a.penalty(first!.tensor), b.penalty(second!.tensor)].reduce(
      (sum, penalty) => ops.add(sum, penalty),
      tensor(runtime, [plain.testOnBatch(x, y).loss], []),
    );
    expect(model.testOnBatch(x, y).loss).toBe(want.item());
    expect(model.trainOnBatch(x, y).loss).toBe(want.item());
    plain.trainOnBatch(x, y);
    expect(model.getWeights()).not.toEqual(plain.getWeights());
    for (const one of [model, plain]) one.dispose();
  });

  it('of a weight that does not learn, or with factors of 0, change no bit', () => {
    const trained = (first: object) => {
      const model = net(first);
      const losses = [model.trainOnBatch(x, y).loss, model.trainOnBatch(x, y).loss];
      const told = { losses, weights: model.getWeights() };
      model.dispose();
      return told;
    };
    const frozen = trained({ trainable: false });
    expect(trained({ trainable: false, kernelRegularizer: 'l2', kernelConstraint: 'nonNeg' })).toEqual(frozen);
    expect(trained({ kernelRegularizer: 'l1l2' })).toEqual(trained({}));
    expect(trained({ kernelRegularizer: 'l2' })).not.toEqual(trained({}));
  });
});

describe('constraints', () => {
  const w = tensor(runtime, [3, -4, 0.5, 4, 3, -0.25], [2, 3]);
  it('are what they say', () => {
    const near = (got: { data(): ArrayLike<number> }, want: number[]) =>
      Array.from(got.data()).forEach((value, i) => {
        expect(value).toBeCloseTo(want[i]!, 5);
      });
    near(constraints.nonNeg().apply(w), [3, 0, 0.5, 4, 3, 0]);
    near(constraints.unitNorm().apply(w), [0.6, -0.8, 0.894427, 0.8, 0.6, -0.447214]);
    near(constraints.maxNorm().apply(w), [1.2, -1.6, 0.5, 1.6, 1.2, -0.25]);
    near(
      constraints.maxNorm({ maxValue: 1, axis: [0, 1] }).apply(w),
      [3, -4, 0.5, 4, 3, -0.25].map((v) => v / 7.09313),
    );
  });

  it('hold the weight behind every step', () => {
    const model = net({ kernelConstraint: constraints.unitNorm(), biasConstraint: 'nonNeg' });
    model.trainOnBatch(x, y);
    const [kernel, bias] = model.getWeights();
    for (let unit = 0; unit < 4; unit++) {
      const norm = [0, 1, 2].reduce((sum, row) => sum + kernel![4 * row + unit]! ** 2, 0);
      expect(norm).toBeCloseTo(1, 5);
    }
    expect(bias!.every((value) => value >= 0)).toBe(true);
    model.dispose();
  });
});

it('rules of one’s own go to a config and back', () => {
  const own = {
    className: 'Half',
    getConfig: () => ({}),
    penalty: (w: never) => ops.multiply(tensor(runtime, [0.5], []), ops.sum(w)),
  };
  const model = net({ kernelRegularizer: own });
  const back = modelFromConfig(modelConfig(model), {
    custom: registry([{ className: 'Half', fromConfig: () => own }]),
  });
  expect(modelConfig(back)).toEqual(modelConfig(model));
  expect(back.weights[0]!.regularizer).toBe(own);
  model.dispose();
});

it.each<[string, () => unknown]>([
  ['l2: expected l2 to be a number >= 0, got -1', () => regularizers.l2({ l2: -1 })],
  ["l1: expected options l1, got 'l2'", () => regularizers.l1({ l2: 1 } as never)],
  ['maxNorm: expected maxValue to be a number >= 0, got -2', () => constraints.maxNorm({ maxValue: -2 })],
  [
    "unitNorm: expected axis to be an integer or a list of integers, got 'rows'",
    () => constraints.unitNorm({ axis: 'rows' as never }),
  ],
  [
    "dense: expected kernelRegularizer to be one of 'l1', 'l2', 'l1l2', got 'l3'",
    () => layers.dense({ units: 1, kernelRegularizer: 'l3' as never }),
  ],
  [
    'dense: expected kernelRegularizer to be a regularizer or its name, got 0',
    () => layers.dense({ units: 1, kernelRegularizer: 0 as never }),
  ],
  [
    "dense: expected biasConstraint to be one of 'maxNorm', 'nonNeg', 'unitNorm', got ''",
    () => layers.dense({ units: 1, biasConstraint: '' as never }),
  ],
])('is refused: %s', (message, call) => {
  expect(call).toThrow(expect.objectContaining({ message }));
});

// The Model: building, compile, evaluate, predict, and what each refuses before any work.

import { afterAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  add as addTensors,
  averagePool2d,
  createRuntime,
  layers,
  maxPool2d,
  model,
  optimizers,
  sequential,
  type Tensor,
  tensor,
  weightsHash,
} from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';
import { compileOptions, halves, small } from './small_model.js';

const { conv2d, dense, flatten, input } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const compile = compileOptions(runtime);

describe('building', () => {
  it('refuses an output that needs another input, an empty row, and an input in between', () => {
    const a = input({ shape: [2] });
    const b = input({ shape: [2], name: 'other' });
    const both = layers.add().apply([a, b]);
    expect(() => model({ inputs: a, outputs: both })).toThrow(
      "model: expected outputs that need no other inputs than those given, got one that needs 'other'",
    );
    expect(() => sequential([])).toThrow('sequential: expected at least one layer, got none');
    expect(() => sequential([flatten(), b])).toThrow(
      'sequential: expected an input only at the beginning, got one in between',
    );
  });

  it('adds the outputs of branches, and gives a gradient to each', () => {
    const x = input({ shape: [2] });
    const branch = dense({ units: 2 }).apply(x);
    const net = model({ inputs: x, outputs: dense({ units: 1 }).apply(layers.add().apply([branch, x])) });
    net.compile({ ...compile, optimizer: optimizers.sgd({ learningRate: 0.5 }) });
    const before = net.weights.map((weight) => weight.tensor.data());
    net.trainOnBatch(tensor(runtime, [1, 2, 3, 4], [2, 2]), tensor(runtime, [0, 1], [2, 1]));
    net.weights.forEach((weight, i) => {
      expect(weight.tensor.data()).not.toEqual(before[i]);
    });
  });

  it('uses a layer twice with one set of weights, whose gradients meet', () => {
    const x = input({ shape: [2] });
    const shared = dense({ units: 2, kernelInitializer: 'ones', name: 'shared' });
    const net = model({ inputs: x, outputs: shared.apply(shared.apply(x)) });
    expect(net.countParams()).toEqual({ total: 6, trainable: 6 });
    net.compile(compile);
    expect([...net.predictOnBatch(tensor(runtime, [1, 2], [1, 2])).data()]).toEqual([6, 6]);
  });

  it('is frozen as a whole by freezing its layers, which are trainable again by themselves', () => {
    const one = sequential([input({ shape: [2] }), dense({ units: 1 })], { trainable: false });
    expect(one.layers.map(({ trainable }) => trainable)).toEqual([false, false]);
    one.layers[1]!.trainable = true;
    expect(one.trainable).toBe(true);
  });

  it('does not train weights of layers that are not trainable', async () => {
    const net = sequential([input({ shape: [2] }), dense({ units: 4, trainable: false }), dense({ units: 1 })]);
    expect(net.countParams()).toEqual({ total: 17, trainable: 5 });
    net.compile(compile);
    const [frozen, , learned] = net.weights.map((weight) => weight.tensor.data());
    await net.fit(halves(8));
    expect(net.weights[0]!.tensor.data()).toEqual(frozen);
    expect(net.weights[2]!.tensor.data()).not.toEqual(learned);
  });

  it('refuses what needs an input shape that is not known, and what needs compile', async () => {
    const row = sequential([dense({ units: 1 })], { name: 'row' });
    expect(() => row.summary()).toThrow(
      "row: expected a network that knows its input shape, got one that does not; begin it with input({ shape: ... }), or apply it to another layer's output",
    );
    const message = 'sequential: expected a compiled model, got one that is not; call compile first';
    await expect(small().fit(halves(4))).rejects.toThrow(message);
    await expect(small().predict([1, 2])).rejects.toThrow(message);
  });

  it('prints a summary as Keras does', () => {
    expect(small().summary()).toBe(
      [
        'Model: "sequential"',
        '┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓',
        '┃ Layer (type)             ┃ Output Shape ┃ Param # ┃',
        '┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩',
        '│ input_layer (InputLayer) │ (None, 2)    │       0 │',
        '├──────────────────────────┼──────────────┼─────────┤',
        '│ dense (Dense)            │ (None, 8)    │      24 │',
        '├──────────────────────────┼──────────────┼─────────┤',
        '│ dropout (Dropout)        │ (None, 8)    │       0 │',
        '├──────────────────────────┼──────────────┼─────────┤',
        '│ dense_1 (Dense)          │ (None, 1)    │       9 │',
        '└──────────────────────────┴──────────────┴─────────┘',
        ' Total params: 33 (132.00 B)',
        ' Trainable params: 33 (132.00 B)',
        ' Non-trainable params: 0 (0.00 B)',
      ].join('\n'),
    );
  });
});

describe('compile', () => {
  const refusals: [string, object, string][] = [
    [
      'no runtime',
      { runtime: undefined },
      "compile: expected runtime to be a Runtime, got undefined; make one with createRuntime({ mode: 'deterministic' })",
    ],
    [
      'an unknown option',
      { optimiser: 'sgd' },
      "compile: expected options runtime, optimizer, loss, lossWeights, metrics, weightedMetrics, seed, got 'optimiser'; did you mean optimizer?",
    ],
    [
      'an unknown optimizer',
      { optimizer: 'lion' },
      "compile: expected optimizer to be one of 'adadelta', 'adagrad', 'adam', 'adamax', 'adamw', 'nadam', 'rmsprop', 'sgd', got 'lion'",
    ],
    [
      'an unknown loss',
      { loss: 'poisson' },
      "compile: expected loss to be one of 'binaryCrossentropy', 'binaryFocalCrossentropy', 'categoricalCrossentropy', 'categoricalFocalCrossentropy', 'cosineSimilarity', 'dice', 'hinge', 'huber', 'klDivergence', 'meanAbsoluteError', 'meanSquaredError', 'sparseCategoricalCrossentropy', 'squaredHinge', got 'poisson'",
    ],
    [
      'an unknown metric',
      { metrics: ['accurate'] },
      "compile: expected metrics to be one of 'accuracy', 'mae', 'mse', 'auc', 'binaryAccuracy', 'categoricalAccuracy', 'confusionMatrix', 'dice', 'f1Score', 'fBetaScore', 'meanAbsoluteError', 'meanIoU', 'meanSquaredError', 'precision', 'recall', 'rootMeanSquaredError', 'sparseCategoricalAccuracy', 'sparseTopKCategoricalAccuracy', 'topKCategoricalAccuracy', got 'accurate'",
    ],
    ['metrics that are no list', { metrics: 'accuracy' }, "compile: expected metrics to be a list, got 'accuracy'"],
    ['half a seed', { seed: 0.5 }, 'compile: expected seed to be an integer from 0 to 2^53 - 1, got 0.5'],
  ];
  it.each(refusals)('refuses %s', (_what, change, message) => {
    expect(() => small().compile({ ...compile, ...change } as never)).toThrow(expect.objectContaining({ message }));
  });

  it('keeps the weights when it is called again, and refuses another runtime', () => {
    const net = small().compile(compile);
    const hash = weightsHash(net);
    expect(weightsHash(net.compile({ ...compile, optimizer: 'sgd', seed: 4 }))).toBe(hash);
    using other = createRuntime({ threads: 1 });
    expect(() => net.compile({ ...compile, runtime: other })).toThrow(
      'compile: expected the runtime the weights live on, got another; dispose the model before it moves',
    );
    net.dispose();
    expect(weightsHash(net.compile({ ...compile, runtime: other }))).toBe(hash);
    net.dispose();
  });

  it('gives other first weights for another seed', () => {
    expect(weightsHash(small().compile(compile))).not.toBe(weightsHash(small().compile({ ...compile, seed: 4 })));
  });

  it('gives every byte back when the model is disposed', async () => {
    using own = createRuntime({ threads: 1 });
    const net = small().compile({ ...compile, runtime: own });
    await net.fit(halves(8), { validationData: halves(4) });
    (await net.predict(halves(4).x)).dispose();
    net.dispose();
    expect(own.memory().blocks).toBe(0);
  });
});

describe('evaluate and predict', () => {
  it('agree with each other, whatever the size of the batches', async () => {
    const net = small().compile(compile);
    const data = halves(10);
    const whole = await net.predict(data.x, { batchSize: 10 });
    expect(whole.shape).toEqual([10, 1]);
    expect((await net.predict(data.x, { batchSize: 3 })).data()).toEqual(whole.data());
    const hits = whole.data().filter((p, i) => p > 0.5 === data.y[i]! > 0.5).length;
    const means = await net.evaluate(data, { batchSize: 4 });
    expect(means['accuracy']).toBe(hits / 10);
    expect((await net.evaluate(data, { batchSize: 10 }))['loss']).toBeCloseTo(means['loss']!, 6);
  });

  it('change nothing', async () => {
    const net = small().compile(compile);
    const hash = weightsHash(net);
    await net.evaluate(halves(4));
    await net.predict(halves(4).x);
    expect(weightsHash(net)).toBe(hash);
    expect(net.iterations).toBe(0);
  });

  it('refuse what fit refuses, and stop when told', async () => {
    const net = small().compile(compile);
    await expect(net.evaluate(halves(4), { batchSize: 0.5 })).rejects.toThrow(
      'evaluate: expected batchSize to be an integer >= 1, got 0.5',
    );
    await expect(net.predict([1, Number.NaN])).rejects.toThrow(
      'predict: expected x without NaN and Infinity, got NaN in sample 0',
    );
    const signal = AbortSignal.abort(new Error('no'));
    await expect(net.predict(halves(4).x, { signal })).rejects.toThrow('no');
    await expect(net.evaluate(halves(4), { signal })).rejects.toThrow('no');
  });
});

describe('what a pooling hands back early', () => {
  /** Reads its input twice: by its maxima, and by its means. */
  class TwoReaders extends layers.Layer {
    readonly kind = 'two_readers';
    readonly kerasName = 'TwoReaders';
    override computeOutputShape([shape]: readonly (readonly number[])[]) {
      return [shape![0]! / 2, shape![1]! / 2, shape![2]!];
    }
    override call([x]: readonly Tensor[]) {
      return addTensors(maxPool2d(x!, { poolSize: 2 }), averagePool2d(x!, { poolSize: 2 }));
    }
  }

  const net = (fused: boolean) => {
    const x = input({ shape: [6, 6, 2] });
    const convolution = conv2d({ filters: 3, kernelSize: 3, ...(fused && { activation: 'relu' as const }) }).apply(x);
    const active = fused ? convolution : layers.activation({ activation: 'relu' }).apply(convolution);
    const pooled = new TwoReaders('twoReaders', {}).apply(active);
    return model({ inputs: x, outputs: dense({ units: 1, activation: 'sigmoid' }).apply(flatten().apply(pooled)) });
  };

  it('is not handed back while something else reads it: fused and not, the bits are the same', () => {
    const step = (fused: boolean) => {
      const one = net(fused).compile(compile);
      // The layers stand at other places, so their first values are made equal by hand.
      one.weights.forEach((weight, i) => {
        weight.tensor.write(Float32Array.from(uniforms(40 + i, 1, weight.size), (value) => value - 0.5));
      });
      one.trainOnBatch(tensor(runtime, uniforms(50, 1, 2 * 72), [2, 6, 6, 2]), tensor(runtime, [0, 1], [2, 1]));
      return one.weights.map((weight) => weight.tensor.data());
    };
    expect(step(true)).toEqual(step(false));
  });

  it('refuses a layer of two inputs made for one', () => {
    const x = input({ shape: [2] });
    expect(() => sequential([dense({ units: 1 })], { name: 'row' }).apply([x, x])).toThrow(ArgumentError);
  });
});

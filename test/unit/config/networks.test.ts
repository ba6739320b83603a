// A network out of its config is the network: same config, same summary, same first weights, same bits of outputs and of steps.

import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  kerasConvnet,
  layers,
  type Model,
  miniXception,
  miniXceptionConv,
  model,
  modelConfig,
  modelFromConfig,
  sequential,
  tensor,
} from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const { activation, add, conv2d, dense, dropout, flatten, input, rescaling } = layers;

/** A stem of its own that is used twice, a layer used three times, and sums of three. */
function shared(): Model {
  const a = input({ shape: [6] });
  const stemIn = input({ shape: [6] });
  const stem = model({
    inputs: stemIn,
    outputs: activation({ activation: 'tanh' }).apply(dense({ units: 6 }).apply(stemIn)),
    name: 'stem',
  });
  const twice = dense({
    units: 6,
    activation: 'sigmoid',
    kernelInitializer: layers.initializers.heUniform({ seed: 4 }),
  });
  const first = stem.apply(a);
  const again = stem.apply(twice.apply(first));
  const late = twice.apply(again);
  const sum = add().apply([first, again, late]);
  const other = add().apply([sum, late, dropout({ rate: 0.25, seed: 3 }).apply(twice.apply(late))]);
  return model({ inputs: a, outputs: dense({ units: 2, activation: 'softmax' }).apply(other), name: 'shared' });
}

/** Two nested models, one in a row without an input, the last one a Functional. */
function nested(): Model {
  const x = input({ shape: [5, 5, 2], name: 'pictures' });
  const block = sequential([
    conv2d({ filters: 3, kernelSize: 2 }),
    conv2d({ filters: 3, kernelSize: 2, name: 'second' }),
  ]);
  const headIn = input({ shape: [27] });
  const head = model({ inputs: headIn, outputs: dense({ units: 1 }).apply(headIn), name: 'head' });
  return model({ inputs: x, outputs: head.apply(flatten().apply(block.apply(rescaling({ scale: 0.5 }).apply(x)))) });
}

const row = () => sequential([input({ shape: [4] }), dense({ units: 3, useBias: false }), dense({ units: 1 })]);

const networks: Record<string, () => Model> = {
  shared,
  nested,
  row,
  keras_convnet: () => kerasConvnet({ imageSize: 80 }),
  mini_xception: () => miniXception({ imageSize: 8, classes: 3 }),
  mini_xception_conv: () => miniXceptionConv({ imageSize: 8 }),
};

/** First weights, a prediction, two steps of training and the weights behind them, as text. */
function bits(net: Model): string {
  const { x, y } = net.sampleShapes;
  const width = y.reduce((a, b) => a * b, 1);
  net.compile({
    runtime,
    loss: width === 1 ? 'binaryCrossentropy:clipped=true' : 'categoricalCrossentropy:clipped=true',
    seed: 5,
  });
  const hash = (values: Float32Array) => createHash('sha256').update(values).digest('hex');
  const weights = () =>
    net.namedWeights().map(({ name, weight }) => [name, weight.trainable, hash(weight.tensor.data() as Float32Array)]);
  const size = x.reduce((a, b) => a * b, 1);
  const given = tensor(runtime, uniforms(1, 2, 2 * size), [2, ...x]);
  const one = [1, ...Array.from({ length: width - 1 }, () => 0)];
  const targets = tensor(runtime, [...one, ...one], [2, ...y]);
  const told: unknown[] = [net.summary(), weights(), [...net.predictOnBatch(given).data()]];
  for (let i = 0; i < 2; i++) told.push(net.trainOnBatch(given, targets).loss);
  told.push(weights());
  net.dispose();
  return JSON.stringify(told);
}

describe.each(Object.entries(networks))('%s', (_name, make) => {
  it('comes back from its config, through text, as the same network', () => {
    const before = make();
    const text = JSON.stringify(modelConfig(before));
    const after = modelFromConfig(JSON.parse(text));
    expect(JSON.stringify(modelConfig(after))).toBe(text);
    expect(bits(after)).toBe(bits(before));
  });
});

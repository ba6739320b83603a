// A network out of its config is the network: same config, same summary, same first weights, same bits of outputs and of steps.

import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, type Model, modelConfig, modelFromConfig, tensor } from '../../../lib/index.js';
import { networks } from '../../support/config_networks.js';
import { uniforms } from '../../support/inputs.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

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

// Single layers against Keras, forward and backward, from fixtures/keras_layers.jsonl (keras_layers.py): each model is read from
// Keras's own config and gets its weights. Both round to float32 in orders of their own.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRuntime, gradients, modelFromConfig, scope, tensor } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

interface Kept {
  shape: number[];
  data: string;
}
interface Line {
  name: string;
  keras: string;
  config: object;
  x: Kept;
  weights: Kept[];
  dy: Kept;
  y: Kept;
  dx: Kept;
  dweights: Kept[];
}

const lines = readFileSync(join(root, 'test/agreement/fixtures/keras_layers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

const floats = ({ data }: Kept) => {
  const bytes = Buffer.from(data, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

it.each(lines.map((line) => [line.name, line] as const))('%s is what Keras computes', (_name, line) => {
  const net = modelFromConfig(line.config);
  net.make(runtime, 0, 1);
  expect(net.weights.map((weight) => [...weight.tensor.shape])).toEqual(line.weights.map(({ shape }) => shape));
  for (const [i, weight] of net.weights.entries()) weight.tensor.write(floats(line.weights[i]!));
  scope(() => {
    const x = tensor(runtime, floats(line.x), line.x.shape);
    const call = () => net.call([x], { training: false, step: 0, seed: 0 });
    const y = call();
    expect([...y.shape]).toEqual(line.y.shape);
    expectClose('output', y.data(), floats(line.y), 3e-6);
    const wanted = [x, ...net.weights.map((weight) => weight.tensor)];
    const upstream = tensor(runtime, floats(line.dy), line.dy.shape);
    const found = gradients(() => ({ loss: call() }), wanted, upstream).gradients;
    for (const [i, kept] of [line.dx, ...line.dweights].entries()) {
      expect([...found[i]!.shape]).toEqual(kept.shape);
      expectClose(`gradient ${i}`, found[i]!.data(), floats(kept), 5e-6);
      found[i]!.dispose();
    }
  });
  net.dispose();
});

// Single layers against Keras, forward and backward, from fixtures/keras_layers.jsonl (keras_layers.py): each model is read from
// Keras's own config and gets its weights. Both round to float32 in orders of their own.

import { readFileSync } from 'node:fs';
import { gradients, modelFromConfig, type Runtime, scope, tensor } from '../../../lib/index.js';
import { type Compared, floats, type Kept, type Pair } from './compared.js';

interface Line {
  name: string;
  keras: string;
  config: { config: { layers: { class_name: string }[] } };
  x: Kept;
  weights: Kept[];
  dy: Kept;
  y: Kept;
  dx: Kept;
  dweights: Kept[];
}

const lines = readFileSync(new URL('../fixtures/keras_layers.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

function pairsOf(runtime: Runtime, line: Line): Pair[] {
  const net = modelFromConfig(line.config as never);
  net.make(runtime, 0, 1);
  for (const [i, weight] of net.weights.entries()) weight.tensor.write(floats(line.weights[i]!));
  const pairs = scope(() => {
    const x = tensor(runtime, floats(line.x), line.x.shape);
    const call = () => net.call([x], { training: false, step: 0, seed: 0 });
    const wanted = [x, ...net.weights.map((weight) => weight.tensor)];
    const upstream = tensor(runtime, floats(line.dy), line.dy.shape);
    const found = gradients(() => ({ loss: call() }), wanted, upstream).gradients;
    const slopes = [line.dx, ...line.dweights].map((kept, i) => {
      const got = found[i]!.data();
      return { label: `gradient ${i}`, got, theirs: floats(kept), tolerance: 5e-6 };
    });
    for (const gradient of found) gradient?.dispose();
    return [{ label: 'output', got: call().data(), theirs: floats(line.y), tolerance: 3e-6 }, ...slopes];
  });
  net.dispose();
  return pairs;
}

export const layersCompared = (runtime: Runtime): Compared[] =>
  lines.map((line) => ({
    part: line.config.config.layers.at(-1)!.class_name,
    title: line.name,
    judge: `Keras ${line.keras}`,
    pairs: () => pairsOf(runtime, line),
  }));

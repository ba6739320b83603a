// Every layer, its options drawn at random, through a config and back: same config, summary, first weights, outputs and steps.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Model, model, modelConfig, modelFromConfig, tensor } from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';
import { drawn, joining, layersOf, makers } from './drawn_layers.js';

const kSeed = 16;
const shape = [6, 5, 2];
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

function around(layer: layers.Layer, twice: boolean): Model {
  const x = layers.input({ shape });
  const read = layer.apply(twice ? [x, x] : x);
  return model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(layers.flatten().apply(read)) });
}

/** A model as text: summary, weights before and behind a step, an output. */
function told(net: Model): string {
  const hash = createHash('sha256');
  net.compile({ runtime, optimizer: 'sgd:learningRate=0.1', loss: 'binaryCrossentropy:fromLogits=true', seed: 3 });
  const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const x = tensor(runtime, uniforms(5, 6, 2 * count(shape)), [2, ...shape]);
  const y = tensor(runtime, [0, 1], [2, 1]);
  const weights = () => {
    for (const { weight } of net.namedWeights()) hash.update(weight.tensor.data() as Float32Array);
  };
  weights();
  hash.update(net.predictOnBatch(x).data() as Float32Array);
  const { predictions } = net.trainOnBatch(x, y);
  hash.update(predictions);
  weights();
  const text = `${net.summary()}\n${hash.digest('hex')}`;
  net.dispose();
  return text;
}

describe('the drawn layers', () => {
  it('are all there are, with all their options', () => {
    expect(Object.keys(drawn).sort()).toEqual([...makers.keys()].sort());
    for (const [word, { options }] of makers) {
      expect([...Object.keys(drawn[word]!), 'name', 'trainable'].sort(), word).toEqual([...options].sort());
    }
  });
});

describe.each([...makers.keys()])(`%s, seed ${kSeed}`, (word) => {
  it('comes back from its config', () => {
    fc.assert(
      fc.property(layersOf(word), (make) => {
        const before = around(make(), joining.has(word));
        const text = JSON.stringify(modelConfig(before));
        const after = modelFromConfig(JSON.parse(text));
        expect(JSON.stringify(modelConfig(after))).toBe(text);
        expect(told(after)).toBe(told(before));
      }),
      { seed: kSeed, numRuns: 30 },
    );
  });
});

describe('the comparison', () => {
  it('sees another seed of an initializer, which no summary shows', () => {
    const make = (seed: number) =>
      around(layers.dense({ units: 2, kernelInitializer: layers.initializers.heUniform({ seed }) }), false);
    expect(told(make(1))).not.toBe(told(make(2)));
    expect(told(make(1))).toBe(told(make(1)));
  });
});

// Which values of a network are freed while it is computed: with a gradient to come those that no gradient reads, once every
// layer that reads them is done; without one, all of them. Not its inputs, and not its output.

import { afterAll, expect, it } from 'vitest';
import { createRuntime, gradients, layers, type Model, model, scope, type Tensor, zeros } from '../../../lib/index.js';

const { activation, add, batchNormalization, conv2d, globalAveragePooling2d, input, maxPooling2d, rescaling } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** A residual network; `passed` hands its input on. */
function residual(): Model {
  const inputs = input({ shape: [8, 8, 3] });
  const scaled = rescaling({ scale: 2, name: 'scaled' }).apply(inputs);
  const stem = conv2d({ filters: 4, kernelSize: 1, name: 'stem' }).apply(scaled);
  const passed = activation({ activation: 'linear', name: 'passed' }).apply(stem);
  const normalized = batchNormalization({ name: 'normalized' }).apply(passed);
  const activated = activation({ activation: 'relu', name: 'activated' }).apply(normalized);
  const left = conv2d({ filters: 5, kernelSize: 3, padding: 'same', name: 'left' }).apply(activated);
  const pooled = maxPooling2d({ poolSize: 2, name: 'pooled' }).apply(left);
  const right = conv2d({ filters: 5, kernelSize: 1, strides: 2, name: 'right' }).apply(passed);
  const total = add({ name: 'total' }).apply([pooled, right]);
  const averaged = globalAveragePooling2d({ name: 'averaged' }).apply(total);
  return model({ inputs, outputs: activation({ activation: 'sigmoid', name: 'last' }).apply(averaged) });
}

/** Names of the layers whose values are gone when the network is computed. */
function freed(network: Model, differentiate: boolean): string[] {
  const values = new Map<string, Tensor>();
  for (const step of network.graph.steps) {
    const { call } = step;
    step.call = (inputs, context) => {
      const value = call(inputs, context);
      values.set(step.place.layer.name, value);
      return value;
    };
  }
  network.make(runtime, 1, 1);
  const gone: string[] = [];
  scope(() => {
    const x = zeros(runtime, [2, 8, 8, 3]);
    const compute = () => {
      const loss = network.call([x], { training: true, step: 0, seed: 1 });
      for (const [name, value] of values) if (value.disposed) gone.push(name);
      expect([x.disposed, loss.disposed]).toEqual([false, false]);
      return { loss };
    };
    const variables = network.weights.filter(({ trainable }) => trainable).map(({ tensor }) => tensor);
    if (!differentiate) compute();
    else for (const each of gradients(compute, variables, zeros(runtime, [2, 5])).gradients) each!.dispose();
  });
  network.dispose();
  return gone;
}

it('a network frees what no gradient reads', () => {
  // What stem gave is read by batch_norm and right, what relu gave by left, what averaged gave by nobody.
  expect(freed(residual(), true)).toEqual(['left', 'pooled', 'right', 'total', 'averaged']);
});

it('a network frees all but its input and output where nothing is differentiated', () => {
  const all = ['scaled', 'stem', 'passed', 'activated', 'left', 'pooled', 'right', 'total', 'averaged'];
  expect(freed(residual(), false)).toEqual(all);
});

// The outside judge, @tensorflow/tfjs-layers on its plain CPU backend, and how a layer is run in both libraries with
// the same weights. Both round to float32 in orders of their own, so they agree within rounding, not in bits.

import '@tensorflow/tfjs-backend-cpu';
import * as tfc from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { createRuntime, gradients, type layers, scope, sequential, tensor } from '../../lib/index.js';
import { input } from '../../lib/layers/index.js';
import type { Floats } from '../cases/case.js';
import { expectClose } from '../support/bits.js';
import { drawInput } from '../support/inputs.js';

await tfc.setBackend('cpu');

export { tfc, tfl };

/** Rounding of float32 sums of these sizes. */
export const kRounding = 5e-6;

/** Of all files that have this judge: they share a process, and it ends with it. */
export const runtime = createRuntime({ threads: 2 });

/** Seeded values for a shape. */
export const draw = (shape: readonly number[], seed: number, how: 'normal' | 'probabilities' | 'labels' = 'normal') =>
  drawInput({ name: 'x', shape, draw: how }, seed, 0);

/** An output and the gradients of an input and of all weights, from one upstream gradient. */
export interface Answer {
  readonly y: Floats;
  readonly gradients: readonly Floats[];
}

export const foreign = ({ shape, data }: Floats): tfc.Tensor => tfc.tensor(data, [...shape]);
export const fromForeign = (t: tfc.Tensor): Floats => ({ shape: t.shape, data: t.dataSync() as Float32Array });

/** What our layer says of an input, with these weights; the upstream gradient is drawn from `seed`. */
export function ours(
  layer: InstanceType<typeof layers.Layer>,
  x: Floats,
  weights: readonly Floats[],
  seed: number,
): Answer {
  const model = sequential([input({ shape: [...x.shape.slice(1)] }), layer]);
  model.make(runtime, 0, 1);
  model.weights.forEach((weight, i) => {
    weight.tensor.write(weights[i]!.data);
  });
  const answer = scope(() => {
    const given = tensor(runtime, x.data, x.shape);
    const call = () => model.call([given], { training: false, step: 0, seed: 0 });
    const y = call();
    const dy = draw(y.shape, seed);
    const wanted = [given, ...model.weights.map((weight) => weight.tensor)];
    const found = gradients(() => ({ loss: call() }), wanted, tensor(runtime, dy.data, dy.shape)).gradients;
    const floats = found.map((gradient) => ({ shape: gradient!.shape, data: gradient!.data() }));
    for (const gradient of found) gradient?.dispose();
    return { y: { shape: y.shape, data: y.data() }, gradients: floats };
  });
  model.dispose();
  return answer;
}

/** What the judge's layer says of the same. Without `differentiate` only the output is asked for. */
export function theirs(
  layer: tfl.layers.Layer,
  x: Floats,
  weights: readonly Floats[],
  seed: number,
  differentiate = true,
): Answer {
  layer.apply(tfl.input({ shape: [...x.shape.slice(1)] }));
  if (weights.length > 0) layer.setWeights(weights.map(foreign));
  const call = (given: tfc.Tensor) => layer.apply(given) as tfc.Tensor;
  const given = foreign(x);
  const y = call(given);
  if (!differentiate) return { y: fromForeign(y), gradients: [] };
  const dy = foreign(draw(y.shape, seed));
  const variables = layer.trainableWeights.map((weight) => weight.read() as tfc.Variable);
  const loss = () => tfc.sum(tfc.mul(call(given), dy)) as tfc.Scalar;
  const byInput = tfc.grad((v: tfc.Tensor) => tfc.sum(tfc.mul(call(v), dy)))(given);
  const byWeights = variables.length > 0 ? tfc.variableGrads(loss, variables).grads : {};
  const found = [byInput, ...variables.map(({ name }) => byWeights[name]!)];
  return { y: fromForeign(y), gradients: found.map(fromForeign) };
}

/** Fails unless both answers agree within rounding: outputs, and as many gradients as the judge gave. */
export function expectAgreement(got: Answer, want: Answer, tolerance = kRounding): void {
  if (got.y.shape.join() !== want.y.shape.join()) {
    throw new Error(`expected an output [${want.y.shape}], got [${got.y.shape}]`);
  }
  expectClose('output', got.y.data, want.y.data, tolerance);
  want.gradients.forEach((gradient, i) => {
    expectClose(`gradient ${i}`, got.gradients[i]!.data, gradient.data, tolerance);
  });
}

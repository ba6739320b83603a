// sum and mean of docs/contract.md over any axes: the reduced elements of one output in ascending row-major
// order, by rule 4.

import { div } from './float32.js';
import { countAsFloat, sumOfValues } from './order.js';

/** The values each output reduces, outputs and values both in row-major order. */
export function gather(shape: readonly number[], axes: readonly number[], data: ArrayLike<number>): number[][] {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const outputs: number[][] = Array.from({ length: kept.reduce((a, b) => a * b, 1) }, () => []);
  for (let at = 0; at < data.length; ++at) {
    let rest = at;
    let stride = 1;
    let output = 0;
    for (let axis = shape.length - 1; axis >= 0; --axis) {
      const index = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (axes.includes(axis)) continue;
      output += index * stride;
      stride *= shape[axis]!;
    }
    outputs[output]!.push(data[at]!);
  }
  return outputs;
}

export function sum(shape: readonly number[], axes: readonly number[], data: ArrayLike<number>): Float32Array {
  return Float32Array.from(gather(shape, axes, data), sumOfValues);
}

export function mean(shape: readonly number[], axes: readonly number[], data: ArrayLike<number>): Float32Array {
  return Float32Array.from(gather(shape, axes, data), (values) =>
    div(sumOfValues(values), countAsFloat(values.length)),
  );
}

/** The mean's gradient of one element: dy / count. */
export const meanGradient = (dy: number, count: number): number => div(dy, countAsFloat(count));

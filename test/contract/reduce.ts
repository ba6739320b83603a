// sum and mean of docs/contract.md over any axes: the reduced elements of one output in ascending row-major
// order, by rule 4.

import { div } from './float32.js';
import { countAsFloat, sumOfValues } from './order.js';

/** The values each output reduces, outputs and values both in row-major order. */
export function gather(shape: readonly number[], axes: readonly number[], data: ArrayLike<number>): number[][] {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const outputs: number[][] = Array.from({ length: kept.reduce((a, b) => a * b, 1) }, () => []);
  const strides = kept.map((size, axis) => (size < shape[axis]! ? 0 : kept.slice(axis + 1).reduce((a, b) => a * b, 1)));
  const index = shape.map(() => 0);
  let output = 0;
  for (let at = 0; at < data.length; ++at) {
    outputs[output]!.push(data[at]!);
    for (let axis = shape.length - 1; axis >= 0; --axis) {
      output += strides[axis]!;
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
      output -= strides[axis]! * shape[axis]!;
    }
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

/** max or min and where it lies among the reduced elements: the first is best; a later one replaces it when larger, or the first NaN. */
export function extreme(
  shape: readonly number[],
  axes: readonly number[],
  data: ArrayLike<number>,
  kind: 'max' | 'min',
): { values: Float32Array; places: Int32Array } {
  const places = gather(shape, axes, data).map((values) => {
    let best = 0;
    values.forEach((v, i) => {
      const [a, b] = kind === 'max' ? [v, values[best]!] : [values[best]!, v];
      if (a > b || (Number.isNaN(v) && !Number.isNaN(values[best]!))) best = i;
    });
    return { value: values[best]!, best };
  });
  return {
    values: Float32Array.from(places, ({ value }) => value),
    places: Int32Array.from(places, ({ best }) => best),
  };
}

/** dy / n for the n elements that equal the result, +0 for the others. */
export function extremeGradient(
  shape: readonly number[],
  axes: readonly number[],
  data: Float32Array,
  kind: 'max' | 'min',
  dy: ArrayLike<number>,
): Float32Array {
  const { values } = extreme(shape, axes, data, kind);
  const outputs = gather(
    shape,
    axes,
    new Uint32Array(data.length).map((_, i) => i),
  );
  const dx = new Float32Array(data.length);
  outputs.forEach((elements, output) => {
    const best = values[output]!;
    const isTie = (at: number) => data[at] === best || (Number.isNaN(best) && Number.isNaN(data[at]!));
    const count = sumOfValues(elements.map((at) => (isTie(at) ? 1 : 0)));
    for (const at of elements.filter(isTie)) dx[at] = div(dy[output]!, count);
  });
  return dx;
}

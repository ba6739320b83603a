/** Mean and variance of data, place by place, as a layer takes them from data beforehand. */
import { type Shape, sizeOf } from '../tensor/index.js';

/** Both for each place of the axes that were kept. */
export interface Moments {
  shape: Shape;
  mean: Float32Array;
  variance: Float32Array;
}

/**
 * Mean and variance of the values in row-major order, for each place of these axes. The sum of a place is one chain of doubles in the
 * order of the values, divided by their number; then so are the squared distances from that mean. Both are rounded to float32 last.
 */
export function momentsOf(values: ArrayLike<number>, shape: Shape, axes: readonly number[]): Moments {
  const kept = axes.map((axis) => shape[axis]!);
  const places = sizeOf(kept);
  const count = values.length / places;
  // How far one step along an axis goes in the list of places; 0 for an axis that is summed over.
  const steps = shape.map((_, axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? 0 : sizeOf(kept.slice(i + 1));
  });
  const each = (visit: (value: number, place: number) => void): void => {
    const index = shape.map(() => 0);
    let place = 0;
    for (let at = 0; at < values.length; at++) {
      visit(values[at]!, place);
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        place += steps[axis]!;
        if (++index[axis]! < shape[axis]!) break;
        place -= steps[axis]! * shape[axis]!;
        index[axis] = 0;
      }
    }
  };
  const mean = new Float64Array(places);
  each((value, place) => {
    mean[place]! += value;
  });
  for (let place = 0; place < places; place++) mean[place]! /= count;
  const variance = new Float64Array(places);
  each((value, place) => {
    const distance = value - mean[place]!;
    variance[place]! += distance * distance;
  });
  for (let place = 0; place < places; place++) variance[place]! /= count;
  return { shape: kept, mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

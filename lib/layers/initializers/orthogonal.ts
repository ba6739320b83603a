/** orthogonal: a weight whose columns, or rows, are orthonormal (Saxe et al. 2014). */
import { maker } from '../../classes/index.js';
import { ArgumentError, checkOptions, numberOption, show } from '../../errors/index.js';
import { randomNormal as drawNormal } from '../../ops/index.js';
import { sizeOf, tensor } from '../../tensor/index.js';
import { type Initializer, initializer, type SeedOption, seedOf, specOf } from './initializer.js';

const spec = specOf('Orthogonal', ['gain', 'seed']);

/**
 * Makes the columns of a row-major [rows, columns] matrix orthonormal, from the first to the last: what is along each column before
 * is taken off twice (Giraud and Langou 2003: twice is enough), in double, sums ascending.
 */
function orthonormal(matrix: Float64Array, rows: number, columns: number): void {
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let row = 0; row < rows; ++row) sum += matrix[row * columns + a]! * matrix[row * columns + b]!;
    return sum;
  };
  for (let column = 0; column < columns; ++column) {
    for (let pass = 0; pass < 2; ++pass) {
      for (let before = 0; before < column; ++before) {
        const along = dot(before, column);
        for (let row = 0; row < rows; ++row) matrix[row * columns + column]! -= along * matrix[row * columns + before]!;
      }
    }
    const length = Math.sqrt(dot(column, column));
    for (let row = 0; row < rows; ++row) matrix[row * columns + column]! /= length;
  }
}

/**
 * A weight `[..., b]` as a matrix of its last axis and all before, whose shorter side is orthonormal, times gain (1 by default). Throws
 * ArgumentError for an unknown or bad option, and for a weight of fewer than two axes.
 */
export const orthogonal = maker(spec, (options: { gain?: number } & SeedOption = {}): Initializer => {
  checkOptions('orthogonal', options, spec.options);
  const gain = numberOption('orthogonal', 'gain', options.gain ?? 1);
  return initializer(spec, { gain, seed: seedOf('orthogonal', options) }, (runtime, shape, sequence) => {
    if (shape.length < 2) {
      throw new ArgumentError({ who: 'orthogonal', expected: 'a weight of two axes or more', got: show([...shape]) });
    }
    const [before, last] = [sizeOf(shape.slice(0, -1)), shape.at(-1)!];
    const [rows, columns] = [Math.max(before, last), Math.min(before, last)];
    const normals = drawNormal(runtime, [rows, columns], sequence, { mean: 0, stddev: 1 });
    const matrix = Float64Array.from(normals.data());
    normals.dispose();
    orthonormal(matrix, rows, columns);
    // A weight that is wider than high is the transpose.
    const at = (row: number, column: number) => (before >= last ? row * columns + column : column * columns + row);
    const values = Float32Array.from(
      { length: before * last },
      (_, i) => gain * matrix[at(Math.floor(i / last), i % last)]!,
    );
    return tensor(runtime, values, shape);
  });
});

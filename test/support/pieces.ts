// Pieces of work for kernels that no table of cases reaches, and what their case files share to write them.

import { gradients, type Runtime, type Tensor, tensor } from '../../lib/index.js';
import { drawInput, uniforms } from './inputs.js';

/** The seed of pieces. */
export const kPieceSeed = 31;

/** A piece of work, by a title that begins with its kernel's name. */
export interface Piece {
  readonly run: (runtime: Runtime) => Tensor;
  /** The test that knows what it must give: a file, and the function by which it asks for the kernel. */
  readonly judged: readonly [file: string, by: string];
}

/** Normal values. */
export const drawn = (runtime: Runtime, shape: number[], stream: number): Tensor =>
  tensor(runtime, drawInput({ name: 'x', shape }, kPieceSeed, stream).data, shape);

/** Bytes of every value. */
export function bytes(runtime: Runtime, shape: number[]): Tensor {
  const u = uniforms(
    kPieceSeed,
    3000,
    shape.reduce((a, b) => a * b, 1),
  );
  return tensor(
    runtime,
    Uint8Array.from(u, (value) => Math.floor(256 * value)),
    shape,
  );
}

/** The gradient of a bias asked for alone, from a random upstream gradient. */
export function biasGradient(runtime: Runtime, bias: number, forward: (bias: Tensor) => Tensor): Tensor {
  const zeros = tensor(runtime, new Float32Array(bias));
  const dy = drawn(runtime, [...forward(zeros).shape], 99);
  return gradients(() => ({ loss: forward(zeros) }), [zeros], dy).gradients[0]!;
}

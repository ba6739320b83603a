// Kernels that no table of cases reaches, as pieces of work with golden digests of their own: gradients of a bias asked
// for alone, moving statistics, random maps, and the ways from and to bytes. What they must give is tested in
// test/conformance/kernels_beside.test.ts, test/gradients/alone.test.ts, test/data/random_maps.test.ts and pixels.test.ts.

import {
  batchNormMoving,
  conv2d,
  dense,
  flipMatrices,
  gradients,
  type Runtime,
  resizeBilinear,
  resizeBytes,
  rotationMatrices,
  scope,
  type Tensor,
  type TransformDraw,
  tensor,
  toFloat,
  zoomMatrices,
} from '../../lib/index.js';
import { drawInput, uniforms } from './inputs.js';
import type { CaseResult } from './run_case.js';

const kSeed = 31;

export interface Piece {
  readonly title: string;
  readonly run: (runtime: Runtime) => CaseResult;
}

const drawn = (runtime: Runtime, shape: number[], stream: number): Tensor =>
  tensor(runtime, drawInput({ name: 'x', shape }, kSeed, stream).data, shape);

const bytes = (runtime: Runtime, shape: number[]): Tensor => {
  const u = uniforms(
    kSeed,
    3000,
    shape.reduce((a, b) => a * b, 1),
  );
  return tensor(
    runtime,
    Uint8Array.from(u, (value) => Math.floor(256 * value)),
    shape,
  );
};

/** The gradient of a bias asked for alone, from a random upstream gradient. */
function biasGradient(runtime: Runtime, bias: number, forward: (bias: Tensor) => Tensor): Tensor {
  const zeros = tensor(runtime, new Float32Array(bias));
  const dy = drawn(runtime, [...forward(zeros).shape], 99);
  return gradients(() => ({ loss: forward(zeros) }), [zeros], dy).gradients[0]!;
}

const transform: TransformDraw = {
  sequence: { seed: 2 ** 40 + 7, stream: 3 + 256 * 5, step: 41 },
  count: 33,
  first: 6,
  size: [19, 30],
};

function moving(runtime: Runtime, scale?: number): Tensor {
  const state = drawn(runtime, [37], 0);
  batchNormMoving(state, drawn(runtime, [37], 1), 0.99, scale);
  return state;
}

const pieces: Record<string, (runtime: Runtime) => Tensor> = {
  'batch_norm.moving [37]': (runtime) => moving(runtime),
  'batch_norm.moving [37] unbiased': (runtime) => moving(runtime, 37 / 36),
  'conv2d.biasGradient [3,19,17,5] by [3,3,5,21]': (runtime) => {
    const [x, weight] = [drawn(runtime, [3, 19, 17, 5], 2), drawn(runtime, [3, 3, 5, 21], 3)];
    return biasGradient(runtime, 21, (bias) => conv2d(x, weight, { bias }));
  },
  'dense.biasGradient [35,23] by [23,19]': (runtime) => {
    const [x, weight] = [drawn(runtime, [35, 23], 4), drawn(runtime, [23, 19], 5)];
    return biasGradient(runtime, 19, (bias) => dense(x, weight, { bias }));
  },
  'image_transform.flipMatrices': (runtime) => flipMatrices(runtime, transform, { horizontal: true, vertical: true }),
  'image_transform.rotationMatrices': (runtime) => rotationMatrices(runtime, transform, [-0.6, 2.5]),
  'image_transform.zoomMatrices': (runtime) => zoomMatrices(runtime, transform, [0.8, 1.2], [0.5, 2]),
  'rescaling.fromBytes [7,11,13]': (runtime) => toFloat(bytes(runtime, [7, 11, 13])),
  'resize_bilinear.fromBytes [2,13,17,3] to [7,23]': (runtime) =>
    resizeBilinear(bytes(runtime, [2, 13, 17, 3]), [7, 23]),
  'resize_bilinear.fromBytes [2,7,5,2] to [3,9]': (runtime) => resizeBilinear(bytes(runtime, [2, 7, 5, 2]), [3, 9]),
  'resize_bilinear.bytes [2,7,5,2] to [9,4]': (runtime) => toFloat(resizeBytes(bytes(runtime, [2, 7, 5, 2]), [9, 4])),
  'resize_bilinear.bytes [2,13,17,3] to [19,9]': (runtime) =>
    toFloat(resizeBytes(bytes(runtime, [2, 13, 17, 3]), [19, 9])),
};

/** Every piece, run in a scope of its own; it has one result. */
export const piecesBeside: readonly Piece[] = Object.entries(pieces).map(([title, work]) => ({
  title,
  run: (runtime) =>
    scope(() => {
      const y = work(runtime);
      return { y: { shape: y.shape, data: y.data() }, gradients: [] };
    }),
}));

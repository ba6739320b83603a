// Work for the shim beside the cases: kernels that no case runs, and shapes that fill the largest tiles.

import {
  batchNormMoving,
  conv2d,
  dense,
  flipMatrices,
  gradients,
  type Runtime,
  rescaling,
  resizeBilinear,
  resizeBytes,
  rotationMatrices,
  scope,
  type Tensor,
  tensor,
  zoomMatrices,
} from '../../lib/index.js';
import { drawInputs } from '../support/inputs.js';
import { loadTables, runCase } from '../support/run_case.js';

const kSeed = 407;
const tables = await loadTables();

type Work = (runtime: Runtime) => void;

const scoped =
  (body: (runtime: Runtime, put: (...shape: number[]) => Tensor) => void): Work =>
  (runtime) =>
    scope(() => {
      let stream = 0;
      body(runtime, (...shape) => {
        const [drawn] = drawInputs(
          [...Array(stream++).fill({ name: '', shape: [1] }), { name: 'x', shape }],
          kSeed,
        ).slice(-1);
        return tensor(runtime, drawn!.data, shape);
      });
    });

/** A gradient asked for alone, of the last input. */
const alone = (inputs: Tensor[], run: () => Tensor) => {
  const walked = gradients(() => ({ loss: run() }), inputs.slice(-1), run());
  walked.gradients[0]!.dispose();
};

const draw = {
  sequence: { seed: 2 ** 40 + 7, stream: 3 + 256 * 5, step: 41 },
  count: 33,
  first: 6,
  size: [19, 30],
} as const;
const picture = (runtime: Runtime) =>
  tensor(
    runtime,
    Uint8Array.from({ length: 2 * 7 * 9 * 3 }, (_, i) => i * 37),
    [2, 7, 9, 3],
  );

/** Kernels that no case runs, by name. */
export const beside: Readonly<Record<string, Work>> = {
  'batch_norm.moving': scoped((_, put) => batchNormMoving(put(37), put(37), 0.99)),
  'conv2d.biasGradient': scoped((_, put) => {
    const [x, weight, bias] = [put(3, 24, 23, 2), put(3, 3, 2, 5), put(5)];
    alone([bias], () => conv2d(x, weight, { bias }));
  }),
  'dense.biasGradient': scoped((_, put) => {
    const [x, weight, bias] = [put(11, 3), put(3, 7), put(7)];
    alone([bias], () => dense(x, weight, { bias }));
  }),
  'image_transform.flipMatrices': scoped((runtime) =>
    flipMatrices(runtime, draw, { horizontal: true, vertical: true }),
  ),
  'image_transform.rotationMatrices': scoped((runtime) => rotationMatrices(runtime, draw, [-0.4, 0.5])),
  'image_transform.zoomMatrices': scoped((runtime) => {
    zoomMatrices(runtime, draw, [0.7, 1.2]);
    zoomMatrices(runtime, draw, [0.7, 1.2], [0.9, 1.4]);
  }),
  'rescaling.fromBytes': scoped((runtime) => rescaling(picture(runtime), { scale: 1 / 127.5, offset: -1 })),
  'resize_bilinear.fromBytes': scoped((runtime) => resizeBilinear(picture(runtime), [11, 6])),
  'resize_bilinear.bytes': scoped((runtime) => resizeBytes(picture(runtime), [11, 6])),
};

const sized =
  (op: string, shapes: readonly number[][], settings: unknown): Work =>
  (runtime) => {
    const table = tables.find((one) => one.op === op && one.cases[0]!.inputs.length === shapes.length)!;
    const inputs = shapes.map((shape, i) => ({ ...table.cases[0]!.inputs[i]!, shape }));
    runCase(runtime, table, settings, drawInputs(inputs, kSeed), kSeed);
  };

/** Shapes with more columns than any case, more chunks, and more than two parts of each sum. */
export const large: Readonly<Record<string, Work>> = {
  'conv2d, 70 channels to 70': sized('conv2d', [[1, 9, 16, 70], [2, 2, 70, 70], [70]], { padding: 'same' }),
  'conv2d, 40 channels to 45': sized('conv2d', [[3, 8, 9, 40], [3, 3, 40, 45], [45]], { activation: 'relu' }),
  'dense, 90 to 150': sized('dense', [[5, 90], [90, 150], [150]], {}),
};

/** Cases of add: sizes around the vector width and the task grain. */
import { add } from '../../lib/index.js';
import { add as addFloats } from '../contract/float32.js';
import { meetingProbes } from '../order/probes/memory.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:9b7cd12c4b6194d83e60df3db4e8e5a1faf10b2328679f04d63b1dd735af3bb3';

const shapes = [[1], [15], [17], [3, 5, 7, 11], [16_411]];
const benchShapes = [[32, 89, 89, 64]];

export const table: OperationTable<Record<never, never>> = {
  op: 'add',
  run: ([a, b]) => add(a!, b!),
  judge: ([a, b]) => ({ shape: a!.shape, data: a!.data.map((value, i) => value + b!.data[i]!) }),
  judgeGradients: (_inputs, dy) => [dy, dy],
  contract: {
    forward: ([a, b]) => ({ shape: a!.shape, data: a!.data.map((value, i) => addFloats(value, b!.data[i]!)) }),
    gradients: (_inputs, _y, dy) => [dy, dy],
  },
  batched: [true, true],
  differentiable: [true, true],
  tolerance: 1e-6,
  cases: [...shapes, ...benchShapes].map((shape) => ({
    name: `[${shape}]`,
    inputs: [
      { name: 'a', shape },
      { name: 'b', shape },
    ],
    settings: {},
    bench: benchShapes.includes(shape),
  })),
};

export const probes = meetingProbes;

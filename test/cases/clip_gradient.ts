/** Cases of clip_gradient: limits that are met and that are not, one gradient by itself and two together. */
import { clipByGlobalNorm, clipByNorm, clipByValue, type Tensor } from '../../lib/index.js';
import { add, mul, sqrt } from '../contract/float32.js';
import { clip } from '../contract/optimizers.js';
import { sumOfValues } from '../contract/order.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:edfa031a4b6c293559045f59a06eee49ac9fd597ad31425d633b325c3f9f2dc7';

interface Settings {
  by: 'value' | 'norm' | 'globalNorm';
  limit: number;
}

const shapes = [[1], [17], [3, 5, 7], [1009]];

const run = (gradients: readonly Tensor[], { by, limit }: Settings): Tensor =>
  ({ value: clipByValue(limit), norm: clipByNorm(limit), globalNorm: clipByGlobalNorm(gradients, limit) })[by](
    gradients[0]!,
  );

const squares = (values: Float32Array) => sumOfValues([...values].map((value) => mul(value, value)));
const normOf = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

export const table: OperationTable<Settings> = {
  op: 'clip_gradient',
  run,
  judge: ([x, other], { by, limit }) => {
    if (by === 'value') return { shape: x!.shape, data: x!.data.map((v) => Math.min(limit, Math.max(-limit, v))) };
    const norm = by === 'norm' ? normOf(x!.data) : Math.hypot(normOf(x!.data), normOf(other!.data));
    return { shape: x!.shape, data: x!.data.map((v) => v * Math.min(1, limit / norm)) };
  },
  contract: {
    forward: ([x, other], { by, limit }) => {
      const own = squares(x!.data);
      const norm = sqrt(by === 'norm' ? own : add(own, squares(other!.data)));
      return { shape: x!.shape, data: by === 'value' ? clip.value(x!.data, limit) : clip[by](x!.data, limit, norm) };
    },
  },
  differentiable: [false, false],
  tolerance: 1e-6,
  cases: (['value', 'norm', 'globalNorm'] as const).flatMap((by) =>
    [0.5, 100].flatMap((limit) =>
      shapes.map((shape) => ({
        name: `[${shape}] by ${by} ${limit}`,
        inputs: [
          { name: 'gradient', shape },
          { name: 'other', shape: [7] },
        ],
        settings: { by, limit },
      })),
    ),
  ),
};

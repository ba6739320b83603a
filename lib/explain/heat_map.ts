/** Heat maps: values from 0 to 1 over a picture, and their size changed by the library's own kernel. */
import { resizeBilinear } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import { tensor } from '../tensor/index.js';

/** Row-major values `[height, width]`, 0 to 1. */
export interface HeatMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * The map in another size, by `resizeBilinear`. Throws ArgumentError for a size that is not two integers >= 1.
 * Example: `resizeHeat(runtime, heat, [180, 180])`.
 */
export function resizeHeat(runtime: Runtime, heat: HeatMap, size: readonly [height: number, width: number]): HeatMap {
  using x = tensor(runtime, heat.values, [1, heat.height, heat.width, 1]);
  using y = resizeBilinear(x, size);
  return { height: size[0], width: size[1], values: y.data() };
}

/** One run whose weights are restored, and what it makes of pictures. */
import type { Rgb } from '../data/index.js';
import type { Model } from '../models/index.js';
import { type FinishedRun, hashTensors } from '../runs/index.js';
import type { Runtime } from '../runtime/index.js';
import type { HalfResult } from './explanations.js';
import { type GradCam, gradCam } from './grad_cam.js';
import { type HeatMap, resizeHeat } from './heat_map.js';
import { overlay } from './overlay.js';
import type { ExplainOptions } from './plan.js';
import type { Sight } from './sight.js';
import { heatByHalf } from './stability.js';

/** Hash of a heat map (docs/contract.md, Hashes). */
export const hashOf = ({ height, width, values }: HeatMap) =>
  hashTensors([{ name: 'heat', dtype: 'float32', shape: [height, width], data: values }]);

/** A picture or sample explained by one run: what was found, and the heat at the size the network sees and over what is shown. */
export interface Explained {
  cam: GradCam;
  heat: HeatMap;
  shown: Rgb;
}

/** Explains pictures and samples by one run. */
export class Explainer {
  constructor(
    readonly run: FinishedRun,
    readonly model: Model,
    readonly runtime: Runtime,
    readonly options: Pick<ExplainOptions, 'layer' | 'score'>,
  ) {}

  explain(sight: Sight, label: number | undefined): Explained {
    const { layer, score } = this.options;
    const { sampleShape } = this.run;
    const size = [sampleShape[0]!, sampleShape[1]!] as const;
    const cam = gradCam(this.model, sight.values(this.runtime, sampleShape), {
      ...(label !== undefined && { class: label }),
      ...(layer !== undefined && { layer }),
      ...(score !== undefined && { score }),
    });
    const shown = overlay(sight.shown, resizeHeat(this.runtime, cam.heat, [sight.height, sight.width]));
    return { cam, heat: resizeHeat(this.runtime, cam.heat, size), shown };
  }
}

/** Where the heat lies when both halves show a class each, by their numbers; null without halves or heat. */
export function halfResult(heat: HeatMap, label: number, halves: readonly number[] | undefined): HalfResult | null {
  const shares = halves === undefined ? null : heatByHalf(heat);
  if (shares === null) return null;
  const [left, right] = halves!;
  const onOwnHalf = left === right || (label !== left && label !== right) ? null : leans(shares, label === left);
  return { ...shares, onOwnHalf };
}

const leans = ({ left, right }: { left: number; right: number }, toLeft: boolean) =>
  left === right ? null : left > right === toLeft;

/** What an activation that a kernel applied in its own pass makes of a gradient, as native/core/fused.h has it. */
import type { NativeSettings } from '../../addon/index.js';

const f32 = Math.fround;
const gate = (z: number) => Math.min(Math.max(f32(f32(z / 6) + 0.5), 0), 1);

/** From the value that went into the activation and the gradient of what came out to the gradient of that value. */
export function fusedGradient(settings: NativeSettings): (z: number, dy: number) => number {
  const [slope, threshold, ceiling] = ['slope', 'threshold', 'ceiling'].map((name) => f32(Number(settings[name])));
  const gradients: ((z: number, dy: number) => number)[] = [
    (_, dy) => dy,
    (z, dy) => (z > 0 ? dy : 0),
    (z, dy) => {
      if (z >= ceiling!) return 0;
      if (z > threshold!) return dy;
      return slope === 0 ? 0 : f32(dy * slope!);
    },
    (z, dy) => (gate(z) > 0 && gate(z) < 1 ? f32(dy / 6) : 0),
    (z, dy) => f32(dy * (gate(z) > 0 && gate(z) < 1 ? f32(gate(z) + f32(z / 6)) : gate(z))),
  ];
  return gradients[Number(settings['activation'])]!;
}

// The shortest trainings of the networks known by name: narrow ones, on the smallest pictures that each takes.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TrainOptions } from '../../lib/index.js';

// Discs on a ground, and which places they cover.
const masks = `const side = 16;
const places = Array.from({ length: side * side }, (_, p) => [p % side, Math.floor(p / side)]);
const split = (count, from) => {
  const samples = Array.from({ length: count }, (_, i) => places.map(([x, y]) => Number(Math.hypot(x - 5 - from - i, y - 8) < 5)));
  const y = Uint8Array.from(samples.flat());
  return { x: y.map((inside, p) => 90 * inside + ((p * 37) % 100)), y, sampleShape: [side, side, 1], targetShape: [side, side] };
};
export default { train: split(4, 0), validation: split(2, 4), targets: 'mask', classNames: ['ground', 'disc'] };
`;

/** What each takes beside its name; files that it reads are written into `folder`. */
export function narrowTrainings(folder: string): Record<string, Partial<TrainOptions>> {
  const data = path.join(folder, 'masks.mjs');
  writeFileSync(data, masks);
  const sizes: Record<string, Partial<TrainOptions>> = {
    inception_v3: { imageSize: 75 },
    lenet5: { imageSize: 14, modelOptions: { width: 1 } },
    mobilenet: { imageSize: 32 },
    mobilenet_v2: { imageSize: 32 },
    preact_resnet18: { imageSize: 12 },
    resnet18: { imageSize: 32 },
    resnet50: { imageSize: 32, modelOptions: { width: 1 / 32, layout: 'torch' } },
    unet: { data, modelOptions: { width: 1 / 32, depth: 2 }, imageSize: undefined, damaged: undefined } as object,
    xception: { imageSize: 71 },
  };
  const narrow = { modelOptions: { width: 1 / 32 }, samples: 4, batchSize: 2, epochs: 2 };
  return Object.fromEntries(Object.entries(sizes).map(([model, changes]) => [model, { ...narrow, ...changes, model }]));
}

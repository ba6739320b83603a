// Grad-CAM of Inception V3 and Xception out of files of Keras beside the maps that Keras's own gradients give in float64
// (keras_gradcam.py), narrow networks. At full size keras_full_size.py does the same.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { asFloat32, decodeNpz } from '../../lib/formats/index.js';
import { createRuntime, gradCam, loadModel } from '../../lib/index.js';
import { root } from '../architecture/sources.js';

const fixtures = join(root, 'test/agreement/fixtures/networks');
const folder = mkdtempSync(join(tmpdir(), 'samebits-gradcam-'));
const runtime = createRuntime({ threads: 1 });
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

interface Kept {
  layer: string;
  size: [height: number, width: number];
  pictures: { peaks: number[]; heat: number[][] }[];
}

const kept = JSON.parse(readFileSync(join(fixtures, 'gradcam.json'), 'utf8')) as { networks: Record<string, Kept> };

/** Of the largest value, which is 1. Gradients through tens of float32 layers are off by some times what their outputs are. */
const tolerance = 1e-4;

/** The largest distance of two maps. */
const apart = (ours: Float32Array, theirs: readonly number[]): number => {
  expect(ours.length).toBe(theirs.length);
  return theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
};

it.each([
  ['inception_v3', 'h5'],
  ['xception', 'keras'],
] as const)('%s.%s of Keras has the heat of Keras, class by class, as large as there', async (tag, ending) => {
  const file = join(folder, `${tag}.${ending}`);
  writeFileSync(file, gunzipSync(readFileSync(join(fixtures, `${tag}.${ending}.gz`))));
  using net = await loadModel(file, { runtime, compile: false });
  const path = join(fixtures, `${tag}.npz`);
  const x = decodeNpz(readFileSync(path), path).find(({ name }) => name === 'x')!;
  const all = asFloat32(x, { path });
  const { layer, size, pictures } = kept.networks[tag]!;
  const [height, width] = size;
  const count = all.length / pictures.length;
  for (const [i, { peaks, heat }] of pictures.entries()) {
    const picture = all.slice(i * count, (i + 1) * count);
    const cams = peaks.map((_, label) => gradCam(net, picture, { class: label }));
    for (const [label, cam] of cams.entries()) {
      expect(cam).toMatchObject({ class: label, layer, heat: { height, width } });
      expect(Math.abs(cam.peak / peaks[label]! - 1)).toBeLessThan(tolerance);
      expect(apart(cam.heat.values, heat[label]!)).toBeLessThan(tolerance);
    }
    // A control: the map of another class is another one.
    expect(apart(cams[0]!.heat.values, heat[1]!)).toBeGreaterThan(100 * tolerance);
  }
});

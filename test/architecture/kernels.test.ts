// Every kernel of the addon is run by a test that knows what it must give: by a case, or by a file named here.

import { describe, expect, it } from 'vitest';
import type { NativeSettings, NativeTensor } from '../../lib/addon/index.js';
import { capabilities, Runtime } from '../../lib/index.js';
import { claimedCases, runClaimed } from '../determinism/claims.js';
import { piecesBeside } from '../support/kernels_beside.js';
import { text } from './sources.js';

/** Kernels that no case runs: the file that tests each, and the function by which it does. */
const beside: Record<string, [file: string, by: string]> = {
  'batch_norm.moving': ['test/conformance/kernels_beside.test.ts', 'batchNormMoving'],
  'conv2d.biasGradient': ['test/gradients/alone.test.ts', 'alone'],
  'dense.biasGradient': ['test/gradients/alone.test.ts', 'alone'],
  'image_transform.flipMatrices': ['test/data/random_maps.test.ts', 'flipMatrices'],
  'image_transform.rotationMatrices': ['test/data/random_maps.test.ts', 'rotationMatrices'],
  'image_transform.zoomMatrices': ['test/data/random_maps.test.ts', 'zoomMatrices'],
  'rescaling.fromBytes': ['test/conformance/kernels_beside.test.ts', 'toFloat'],
  'resize_bilinear.fromBytes': ['test/data/pixels.test.ts', 'resizeBilinear'],
  'resize_bilinear.bytes': ['test/data/pixels.test.ts', 'resizeBytes'],
};

const seen = new Set<string>();

/** A runtime that notes the kernels it runs. */
class NotingRuntime extends Runtime {
  override run(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void {
    seen.add(kernel);
    super.run(kernel, tensors, settings);
  }
}

using runtime = new NotingRuntime({ threads: 2 });
for (const claimed of await claimedCases()) runClaimed(runtime, claimed);

describe('every kernel', () => {
  it.each(capabilities().kernels)('%s is run by a case or by the test named for it', (kernel) => {
    if (seen.has(kernel)) return;
    const [file, by] = beside[kernel] ?? [];
    expect(file, `a case or a test of ${kernel}`).toBeDefined();
    expect(text(file!)).toContain(by);
  });

  it('named above is also a piece of work with a golden digest, for the conformance program', () => {
    const kernels = [...new Set(piecesBeside.map(({ title }) => title.split(' ')[0]))];
    expect(kernels.sort()).toEqual(Object.keys(beside).sort());
  });

  it('named above exists', () => {
    expect(Object.keys(beside).filter((kernel) => !capabilities().kernels.includes(kernel))).toEqual([]);
  });
});

// Memory of a training step at full size: batch 32, 180 x 180 pictures, in a process of its own.

import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

it('a training step of keras_convnet peaks under 600 MiB for the whole process, and later steps take no more', async () => {
  const child = await runChild(new URL('./memory_child.ts', import.meta.url), []);
  const { peakMiB, held } = JSON.parse(child) as { peakMiB: number; held: number[] };
  expect(peakMiB).toBeLessThan(600);
  expect(held).toHaveLength(3);
  expect(new Set(held).size).toBe(1);
});

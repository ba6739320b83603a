// Memory of a training step at full size: batch 32, 180 x 180 pictures, in a process of its own.

import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

it.each([
  { name: 'keras_convnet', mostMiB: 600 },
  { name: 'mini_xception', mostMiB: 1500 },
])('a training step of $name takes under $mostMiB MiB, and later steps take no more', async (one) => {
  const child = await runChild(new URL('./memory_child.mjs', import.meta.url), [one.name]);
  const { peakMiB, held } = JSON.parse(child) as { peakMiB: number; held: number[] };
  expect(peakMiB).toBeGreaterThan(100); // it was measured
  expect(peakMiB).toBeLessThan(one.mostMiB);
  expect(held).toHaveLength(3);
  expect(new Set(held).size).toBe(1);
});

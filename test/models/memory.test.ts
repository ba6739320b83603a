// Memory of a training step at full size: batch 32, 180 x 180 pictures, in a process of its own.

import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

// What the library holds; the child's process also compiles TypeScript and keeps the pictures, so its peak is looser.
it.each([
  { name: 'keras_convnet', heldMiB: 450, processMiB: 900 },
  { name: 'mini_xception', heldMiB: 1400, processMiB: 1900 },
])('a training step of $name holds under $heldMiB MiB, and later steps take no more', async (one) => {
  const child = await runChild(new URL('./memory_child.ts', import.meta.url), [one.name]);
  const { peakMiB, held } = JSON.parse(child) as { peakMiB: number; held: number[] };
  expect(peakMiB).toBeLessThan(one.processMiB);
  expect(held).toHaveLength(3);
  expect(Math.max(...held) / 2 ** 20).toBeLessThan(one.heldMiB);
  expect(new Set(held).size).toBe(1);
});

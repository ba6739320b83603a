// Memory of a training step at full size: batch 32, 180 x 180 pictures, in a process of its own.

import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

it.each([
  ['keras_convnet', 600],
  ['mini_xception', 1500],
])(
  'a training step of %s peaks under %i MiB for the whole process, and later steps take no more',
  async (name, limit) => {
    const child = await runChild(new URL('./memory_child.ts', import.meta.url), [name]);
    const { peakMiB, held } = JSON.parse(child) as { peakMiB: number; held: number[] };
    expect(peakMiB).toBeLessThan(processMiB);
    expect(Math.max(...held) / 2 ** 20).toBeLessThan(heldMiB);
    expect(held).toHaveLength(3);
    expect(new Set(held).size).toBe(1);
  },
);

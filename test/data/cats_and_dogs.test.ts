// The photographs of ../shared/data/cats-and-dogs, where they are at hand.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../lib/data/index.js';
import { temporaryFolder } from './pictures.js';

const folder = fileURLToPath(new URL('../../../shared/data/cats-and-dogs', import.meta.url));
const present = existsSync(folder);
if (!present) console.info(`cats_and_dogs: not run here: ${folder} is absent`);

describe.runIf(present)('the cats and dogs', () => {
  it('are 684 and 196 photographs whose digest is the same at every opening', async () => {
    const cache = temporaryFolder();
    const first = await openDataset({ source: folder, imageSize: 180, cache });
    const again = await openDataset({ source: folder, imageSize: 180, cache, workers: 1 });
    expect(first.classNames).toEqual(['cats', 'dogs']);
    expect([first.train.length, first.validation?.length]).toEqual([684, 196]);
    expect(first.damaged).toEqual([]);
    expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(again.digest).toBe(first.digest);
    first.dispose();
    again.dispose();
  });

  it('give the first 50 of each class for 100 samples', async () => {
    const dataset = await openDataset({ source: folder, imageSize: 32, samples: 100, cache: false });
    expect(dataset.train.paths![0]).toBe('cats/Abyssinian_1.jpg');
    expect([...dataset.train.labels!].filter((label) => label === 1)).toHaveLength(50);
    expect(dataset.validation?.length).toBe(196);
    dataset.dispose();
  });
});

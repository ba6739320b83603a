/**
 * The embedded picture set `synthetic`: bears (round ears) and cats (pointed ears), drawn from the library's own
 * generator. Picture i of a split depends on the seed, the split, i and the picture size alone, so a longer set begins
 * with the shorter one. Even pictures are bears, odd ones cats.
 */
import { streams, Words } from '../random/index.js';
import type { DrawnSet, SplitOfSet } from './drawn_sets.js';
import type { PictureFile } from './folders.js';
import { drawScene } from './synthetic_scene.js';

/** Counts up whenever the same seed would give other pictures. */
const recipe = 1;

const classNames = ['bears', 'cats'] as const;

/** Word of a picture's sequence at which its pixel noise begins, far behind what the scene takes. */
const noiseStart = 2 ** 20;

/** Draws picture `index` of a split: step 2 * index of the stream `synthetic`, one more for validation. */
function drawPicture(split: SplitOfSet, index: number, { seed, height, width }: SetOptions): Uint8Array {
  const step = 2 * index + (split === 'train' ? 0 : 1);
  const words = new Words({ seed, stream: streams.synthetic, step });
  const noise = new Words({ seed, stream: streams.synthetic, step });
  return drawScene({
    height,
    width,
    pointed: index % 2 === 1,
    uniform: () => words.uniform(),
    // Each byte of a word is a number of its own.
    pixelNoise: (i) => ((noise.at(noiseStart + (i >>> 2)) >>> (8 * (i & 3))) & 255) / 256,
  });
}

interface SetOptions {
  seed: number;
  height: number;
  width: number;
}

/** The set in the table. */
export const syntheticSet: DrawnSet = {
  name: 'synthetic',
  classNames,
  options: [],
  set: (split, count, { seed, height, width }) => ({
    files: Array.from({ length: count }, (_, i): PictureFile => {
      const label = i % 2;
      return { path: `${classNames[label]}/${String(i).padStart(6, '0')}`, label };
    }),
    facts: { recipe, split, count, seed, height, width },
    draw: (index) => drawPicture(split, index, { seed, height, width }),
  }),
};

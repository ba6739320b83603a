/**
 * The drawn picture set `cracks`: surfaces as of concrete, cracked or not. Picture i of a split depends on the seed, the split, i, the
 * picture's size and the share of cracked pictures alone, so a longer set begins with the shorter one.
 */
import { ArgumentError, show } from '../errors/index.js';
import { streams, Words } from '../random/index.js';
import { drawCracks } from './cracks_scene.js';
import type { DrawnSet, SplitOfSet } from './drawn_sets.js';
import type { PictureForm } from './picture_form.js';
import type { ReaderOptions } from './readers/index.js';
import { greyOf } from './resize.js';

/** Counts up whenever the same seed would give other pictures. */
const recipe = 1;

const classNames = ['uncracked', 'cracked'] as const;

/** Word of a picture's sequence at which its pixel noise begins, far behind what the scene takes. */
const noiseStart = 2 ** 20;

/** The share of cracked pictures: 0.15 is that of SDNET2018. */
function shareOption({ cracked = 0.5 }: ReaderOptions): number {
  if (typeof cracked === 'number' && cracked > 0 && cracked < 1) return cracked;
  throw new ArgumentError({ who: 'cracks', expected: 'cracked to be a number above 0, below 1', got: show(cracked) });
}

/** Whether picture `index` is cracked: of the first n are floor(n * share). */
const isCracked = (index: number, share: number): boolean =>
  Math.floor((index + 1) * share) > Math.floor(index * share);

type Asked = PictureForm & { seed: number };

function drawPicture(
  split: SplitOfSet,
  index: number,
  share: number,
  { seed, height, width, channels }: Asked,
): Uint8Array {
  const sequence = { seed, stream: streams.cracks, step: 2 * index + (split === 'train' ? 0 : 1) };
  const [words, noise] = [new Words(sequence), new Words(sequence)];
  const pixels = drawCracks({
    ...{ height, width, cracked: isCracked(index, share) },
    uniform: () => words.uniform(),
    // Each byte of a word is a number of its own.
    pixelNoise: (i) => ((noise.at(noiseStart + (i >>> 2)) >>> (8 * (i & 3))) & 255) / 256,
  });
  return channels === 1 ? greyOf(pixels) : pixels;
}

/** Throws ArgumentError for a split in which a class has no picture. */
function checkClasses(split: SplitOfSet, count: number, share: number): void {
  const cracked = Math.floor(count * share);
  if (cracked > 0 && cracked < count) return;
  const got = `${cracked} cracked of ${count}`;
  throw new ArgumentError({
    who: 'cracks',
    expected: `pictures of both classes in ${split}`,
    got,
    hint: 'take more samples',
  });
}

/** The set in the table. */
export const cracksSet: DrawnSet = {
  name: 'cracks',
  classNames,
  options: ['channels', 'cracked'],
  set(split, count, { seed, height, width, channels, bits, maskValues, dataOptions = {} }) {
    const share = shareOption(dataOptions);
    checkClasses(split, count, share);
    const asked: Asked = { seed, height, width, channels, bits, maskValues };
    const facts = { set: 'cracks', recipe, split, count, seed, height, width, channels, share };
    return {
      files: Array.from({ length: count }, (_, i) => {
        const label = isCracked(i, share) ? 1 : 0;
        return { path: `${classNames[label]}/${String(i).padStart(6, '0')}`, label };
      }),
      facts,
      draw: (index) => drawPicture(split, index, share, asked),
    };
  },
};

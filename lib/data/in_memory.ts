/** Prepared pictures that are all kept in memory, and the refusal of more than that holds. */
import { DataError } from '../errors/index.js';
import { bytesText, machineMemory } from '../runtime/index.js';
import { collect, type PictureSet } from './picture_set.js';
import { memoryStore, type Outcome, type PixelStore } from './store.js';

/** The pictures of a set in memory, made anew. */
export async function uncachedPictures(set: PictureSet): Promise<{ outcomes: Outcome[]; store: PixelStore }> {
  let kept = 0;
  const pixels = allPixels(set);
  const outcomes = await collect(set, (bytes) => pixels.set(bytes, kept++ * set.bytesPerPicture));
  return { outcomes, store: memoryStore(pixels, set.bytesPerPicture) };
}

function allPixels({ count, bytesPerPicture }: PictureSet): Uint8Array {
  try {
    return new Uint8Array(count * bytesPerPicture);
  } catch (cause) {
    throw tooLarge(count, bytesPerPicture, 'what one array can hold', cause);
  }
}

const tooLarge = (count: number, bytes: number, limit: string, cause?: unknown) =>
  new DataError(
    {
      who: 'openDataset',
      expected: `pictures that fit into memory together, ${limit}`,
      got: `${count} of ${bytes} bytes, ${bytesText(count * bytes)}`,
      hint: 'with a cache they are read a batch at a time; or take a smaller imageSize or fewer samples',
    },
    { cause },
  );

/** Throws DataError when pictures that are all kept in memory can never fit into it. */
export function checkFitsMemory(sets: readonly PictureSet[], memory = machineMemory): void {
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const bytes = sets[0]!.bytesPerPicture;
  if (count * bytes <= memory) return;
  throw tooLarge(count, bytes, `the ${bytesText(memory)} of this machine`);
}

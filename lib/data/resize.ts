/** Resizes decoded pictures to the size the network sees, with the library's own kernel. */
import { resizeBytes } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import { tensor } from '../tensor/index.js';
import type { Rgb } from './decode.js';

/**
 * The bytes of a picture as a network of one channel sees it: 0.299 R + 0.587 G + 0.114 B, halves up, in whole numbers, so
 * that grey stays what it is.
 */
export const greyOf = (pixels: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: pixels.length / 3 }, (_, i) => {
    const [red, green, blue] = [pixels[3 * i]!, pixels[3 * i + 1]!, pixels[3 * i + 2]!];
    return Math.floor((299 * red + 587 * green + 114 * blue + 500) / 1000);
  });

/** The picture as `[outHeight, outWidth, 3]` bytes: `resize_bilinear` of docs/contract.md, halves rounded to even. */
export function resizePicture(
  runtime: Runtime,
  { height, width, pixels }: Rgb,
  size: readonly [height: number, width: number],
): Uint8Array {
  using picture = tensor(runtime, pixels, [1, height, width, 3]);
  using resized = resizeBytes(picture, size);
  return new Uint8Array(resized.data().buffer);
}

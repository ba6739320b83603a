/** Resizes decoded pictures to the size the network sees, with the library's own kernel. */
import { resizeBytes } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import { tensor } from '../tensor/index.js';
import type { Rgb } from './decode.js';

/**
 * The bytes of a picture as a network of one channel sees it: 0.299 R + 0.587 G + 0.114 B, halves up, in whole numbers, so
 * that grey stays what it is.
 */
export function greyOf(pixels: Uint8Array): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < grey.length; i++) {
    const sum = 299 * pixels[3 * i]! + 587 * pixels[3 * i + 1]! + 114 * pixels[3 * i + 2]!;
    grey[i] = Math.floor((sum + 500) / 1000);
  }
  return grey;
}

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

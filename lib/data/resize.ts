/** Resizes decoded pictures to the size the network sees, with the library's own kernel. */
import { resizeBytes } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import { tensor } from '../tensor/index.js';
import type { Rgb } from './decode.js';

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

/** One picture of a dataset, with its mask if it has one, as the bytes that are kept: what comes between a file and a batch. */
import { resizeBilinear, resizeBytes } from '../ops/index.js';
import { type Runtime, releaseArray } from '../runtime/index.js';
import { tensor } from '../tensor/index.js';
import { type Decoded, type DecoderForm, decodedOf } from './decoded.js';
import { joinedMask, type MaskFile } from './masks.js';
import { type PictureForm, pixelBytes, recordBytes } from './picture_form.js';
import { greyOf } from './resize.js';

/** Values in another size, by resize_bilinear: bytes are rounded with halves to even, floats stay. */
function resized(runtime: Runtime, { values, height, width, channels }: Decoded, form: PictureForm) {
  using picture = tensor(runtime, values, [1, height, width, channels]);
  const size = [form.height, form.width] as const;
  using result = values instanceof Uint8Array ? resizeBytes(picture, size) : resizeBilinear(picture, size);
  return result.data() as Uint8Array | Float32Array;
}

/** Values of three channels as grey, each rounded once; bytes with halves up. */
function grey(values: Uint8Array | Float32Array): Uint8Array | Float32Array {
  if (values instanceof Uint8Array) return greyOf(values);
  return Float32Array.from({ length: values.length / 3 }, (_, i) => {
    const [red, green, blue] = [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!];
    return red === green && green === blue ? red : (299 * red + 587 * green + 114 * blue) / 1000;
  });
}

/** One channel as three equal ones. */
function colours(values: Uint8Array | Float32Array): Uint8Array | Float32Array {
  const all = values instanceof Uint8Array ? new Uint8Array(values.length * 3) : new Float32Array(values.length * 3);
  for (let i = 0; i < all.length; i++) all[i] = values[Math.floor(i / 3)]!;
  return all;
}

/** The bytes of a picture and its masks. Rejects with DamagedPicture, which says what is wrong with which. */
export async function recordOf(
  runtime: Runtime,
  form: PictureForm & DecoderForm,
  { path, bytes }: { path: string; bytes: Uint8Array },
  masks: readonly MaskFile[],
): Promise<Uint8Array> {
  const decoded = await decodedOf(path, bytes, form);
  const values = resized(runtime, decoded, form);
  releaseArray(decoded.values);
  const fitted = decoded.channels === form.channels ? values : form.channels === 1 ? grey(values) : colours(values);
  const pixels = new Uint8Array(fitted.buffer, fitted.byteOffset, fitted.byteLength);
  if (form.maskValues === undefined) return pixels;
  const record = new Uint8Array(recordBytes(form));
  record.set(pixels);
  record.set(await joinedMask(masks, decoded, form), pixelBytes(form));
  return record;
}

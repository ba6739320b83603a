/**
 * Turns the bytes of one picture file into 8-bit RGB of its full size, by rules that leave no choice to the machine:
 * - JPEG, PNG, GIF (first frame) and WebP, and the extension must name the format the bytes are in;
 * - stored values as they are: no EXIF rotation and no colour profile is applied, as TensorFlow and Keras do it;
 * - grey becomes three equal channels, a palette is looked up, alpha is dropped without blending;
 * - CMYK pictures are refused, and 16-bit ones unless 16 bits are asked for: their way to 8-bit RGB is a choice the user should make;
 * - every warning of the decoder counts as damage;
 * - a picture of more pixels than `maxPixels` is refused by its header, before it takes memory.
 */
import type Sharp from 'sharp';
import { lazily, lazyPackage } from '../lazy/index.js';
import { extensionFormats } from './folders.js';
import { extensionOf } from './left_out.js';
import { formatOf, formats } from './picture_format.js';
import { type PictureSides, plainSides } from './picture_header.js';

/** Decodes and encodes pictures. */
export const sharp = lazyPackage<typeof Sharp>('sharp');

/** Decoded pixels: row-major `[height, width, 3]` bytes. */
export interface Rgb {
  height: number;
  width: number;
  pixels: Uint8Array;
}

/** Why a picture cannot be used, in a few words. */
export class DamagedPicture extends Error {}

/** Counts up whenever the rules of this file give other pixels or refuse other pictures. */
const rules = 2;

/** The name of everything that decides decoded bytes; part of every cache key. */
export const decoderVersion = lazily(() => JSON.stringify([rules, process.arch, sharp().versions]));

/** Pixels of the largest picture that is decoded where nothing else is said: 2^28, 768 MiB of bytes. */
export const defaultMaxPixels = 2 ** 28;

/** How large pictures may be, and who is asked for room before one is decoded. */
export interface DecodeLimits {
  /** Default 2^28. */
  maxPixels?: number | undefined;
  /** Resolves when there is room for so many bytes of values; see room.ts. */
  take?: ((bytes: number) => Promise<void>) | undefined;
}

/** Decodes a picture; `path` gives the extension its format is held against. Rejects with DamagedPicture. */
export const decode = (path: string, bytes: Uint8Array, limits: DecodeLimits = {}): Promise<Rgb> =>
  checked(path, bytes, limits, (depth) => {
    if (depth !== 'uchar') throw new DamagedPicture('16-bit picture; convert it to 8 bits');
    return bytesOf(bytes, limits);
  });

/** A picture in three channels of numbers from 0 to 255, whose 16 bits are all kept: a stored value / 257, of 8 bits the byte itself. */
export interface DeepRgb {
  height: number;
  width: number;
  values: Float32Array;
}

/** Decodes a picture of 8 or 16 bits, by the same rules. Rejects with DamagedPicture. */
export const decodeDeep = (path: string, bytes: Uint8Array, limits: DecodeLimits = {}): Promise<DeepRgb> =>
  checked(path, bytes, limits, async (depth) => {
    if (depth !== 'ushort') {
      const { pixels, ...size } = await bytesOf(bytes, limits);
      return { ...size, values: Float32Array.from(pixels) };
    }
    const image = sharp()(bytes, { ...asStored, limitInputPixels: limits.maxPixels ?? defaultMaxPixels });
    const raw = image.removeAlpha().toColourspace('rgb16').raw({ depth: 'ushort' });
    const { data, info } = await raw.toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new DamagedPicture(`${info.channels} channels after decoding instead of 3`);
    const stored = new Uint16Array(new Uint8Array(data).buffer);
    return { height: info.height, width: info.width, values: Float32Array.from(stored, (value) => value / 257) };
  });

/** The bytes of a picture of 8 bits. */
async function bytesOf(bytes: Uint8Array, { maxPixels = defaultMaxPixels }: DecodeLimits): Promise<Rgb> {
  const image = sharp()(bytes, { ...asStored, limitInputPixels: maxPixels });
  const { data, info } = await image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new DamagedPicture(`${info.channels} channels after decoding instead of 3`);
  return { height: info.height, width: info.width, pixels: data };
}

/** What `pixelsOf` makes of a picture that the rules allow; it is told how many bits its values have. */
async function checked<T>(
  path: string,
  bytes: Uint8Array,
  limits: DecodeLimits,
  pixelsOf: (depth: string) => Promise<T>,
): Promise<T> {
  if (bytes.length === 0) throw new DamagedPicture('the file is empty');
  const named = extensionFormats.get(extensionOf(path));
  const found = formatOf(bytes);
  if (found === undefined) throw new DamagedPicture(`the file is none of ${formats.join(', ')}`);
  if (found !== named) throw new DamagedPicture(`the file is ${found}, its name says ${named ?? 'nothing of that'}`);
  const plain = plainSides(found, bytes);
  if (plain !== undefined) {
    await expectRoom(plain, limits);
    // The decoder is not asked for the header, which costs a tenth of the decoding. What it cannot decode it is asked for below.
    const pixels = await pixelsOf('uchar').catch(() => undefined);
    if (pixels !== undefined) return pixels;
  }
  try {
    // The header is read without a limit, so that the refusal can name the size; nothing is decoded by it.
    const { format, depth, space, ...sides } = await sharp()(bytes, {
      ...asStored,
      limitInputPixels: false,
    }).metadata();
    if (format !== named) throw new DamagedPicture(`the file is ${format}, its name says ${named}`);
    await expectRoom(sides, limits);
    if (space === 'cmyk') throw new DamagedPicture('CMYK picture; convert it to RGB');
    return await pixelsOf(depth);
  } catch (error) {
    if (error instanceof DamagedPicture) throw error;
    throw new DamagedPicture(decoderWords(error));
  }
}

/** Waits for room for a picture of these sides. Rejects with DamagedPicture for one that is too large. */
async function expectRoom({ width, height }: PictureSides, { maxPixels = defaultMaxPixels, take }: DecodeLimits) {
  if (width * height > maxPixels) {
    throw new DamagedPicture(`${width} x ${height} pixels are more than the limit of ${maxPixels}`);
  }
  await take?.(width * height * 3);
}

const asStored = { failOn: 'warning', ignoreIcc: true } as const;

/** The decoder's own first line, without the words that only repeat that a buffer was read. */
function decoderWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').map((line) => line.replace(/^Input buffer (has corrupt header: ?)?/, '').trim());
  return lines.find((line) => line !== '') ?? 'the decoder cannot read it';
}

/** Single pictures: read from a file by the rules of datasets, and written as PNG. */
import { readFile, stat } from 'node:fs/promises';
import { DataError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import { DamagedPicture, decode, type Rgb, sharp } from './decode.js';

/** The shorter side of the smallest picture read alone, in pixels: less shows nothing. */
export const leastSide = 8;

/**
 * The picture in a file, in its own size: decoded as datasets do it (docs/contract.md, Data). Rejects with DataError, in
 * the words of `who`, for a file that cannot be read, is damaged or no picture, has 16 bits or CMYK, is smaller than 8 x 8 or has
 * more than 2^28 pixels. Example: `await readPicture('photo.jpg')`.
 */
export async function readPicture(path: string, who = 'readPicture'): Promise<Rgb> {
  const refuse = (expected: string, got: string, cause?: unknown): never => {
    throw new DataError({ who, expected, got }, { cause });
  };
  let bytes: Buffer;
  try {
    // Opening a pipe waits for a writer, a device may have no end.
    if (!(await stat(path)).isFile()) return refuse(`a picture file ${show(path)}`, 'no regular file');
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    return refuse(`a readable picture ${show(path)}`, reason(cause), cause);
  }
  try {
    const picture = await decode(path, bytes);
    const { height, width } = picture;
    if (height >= leastSide && width >= leastSide) return picture;
    return refuse(`a picture of at least ${leastSide} x ${leastSide} pixels`, `${width} x ${height} in ${show(path)}`);
  } catch (cause) {
    if (!(cause instanceof DamagedPicture)) throw cause;
    return refuse(`a whole picture ${show(path)}`, cause.message, cause);
  }
}

/**
 * The bytes of a PNG file with this picture: 8-bit RGB without metadata, so equal pixels make equal bytes with one
 * version of the encoder. Example: `writeFileSync('overlay.png', await encodePng(picture))`.
 */
export function encodePng({ height, width, pixels }: Rgb): Promise<Buffer> {
  const raw = { height, width, channels: 3 } as const;
  return sharp()(pixels, { raw }).png({ compressionLevel: 9, adaptiveFiltering: false, palette: false }).toBuffer();
}

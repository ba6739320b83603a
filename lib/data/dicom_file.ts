/** Single DICOM pictures, read from a file by the rules of datasets. */
import { readFile, stat } from 'node:fs/promises';
import { checkOptions, DataError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import { DamagedPicture, defaultMaxPixels } from './decode.js';
import { decodeDicom, dicomWindow, windowOption } from './dicom/index.js';

/** A grey picture out of a DICOM file. */
export interface DicomPicture {
  height: number;
  width: number;
  /** Bits of a stored value, from 8 to 16. */
  bits: number;
  /** Whether small stored values are bright: MONOCHROME1. */
  inverted: boolean;
  /** The values as they are stored, row by row. */
  stored: Uint16Array;
  /** The values from 0, black, to 255, as the window brings them there (docs/data.md). */
  values: Float32Array;
}

/**
 * The picture in a DICOM file: one frame of 8 to 16 unsigned bits, uncompressed, RLE, lossless JPEG or JPEG 2000. `window` is 'file'
 * (the default), 'full' or 'CENTER,WIDTH'. Rejects with ArgumentError for another window, with DataError for a file that cannot be
 * read, is damaged, or is of a kind that is not read. Example: `await readDicom('mammogram.dcm', { window: 'full' })`.
 */
export async function readDicom(path: string, options: { window?: string } = {}): Promise<DicomPicture> {
  const who = 'readDicom';
  checkOptions(who, options, ['window']);
  const window = windowOption(who, options.window);
  let bytes: Buffer;
  try {
    // Opening a pipe waits for a writer, a device may have no end.
    if (!(await stat(path)).isFile())
      throw new DataError({ who, expected: `a file ${show(path)}`, got: 'no regular file' });
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError({ who, expected: `a readable file ${show(path)}`, got: reason(cause) }, { cause });
  }
  try {
    const picture = await decodeDicom(bytes, defaultMaxPixels);
    const { height, width, bits, inverted, values: stored } = picture;
    return { height, width, bits, inverted, stored, values: dicomWindow(picture, window) };
  } catch (cause) {
    if (!(cause instanceof DamagedPicture)) throw cause;
    throw new DataError(
      { who, expected: `a DICOM picture that is read, ${show(path)}`, got: cause.message },
      { cause },
    );
  }
}

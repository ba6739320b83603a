/** The decoders of picture files, by their endings: what each makes of a file's bytes, and the versions that decide it. */

import { DamagedPicture, type DecodeLimits, decode, decodeDeep, decoderVersion } from './decode.js';
import { type DecodedDicom, decodeDicom, dicomVersion, dicomWindow } from './dicom/index.js';
import { extensionOf } from './left_out.js';
import { decodePgm } from './pgm.js';
import type { PictureForm } from './picture_form.js';

/** Decoded values, row-major `[height, width, channels]`: bytes, or numbers from 0 to 255. */
export interface Decoded {
  height: number;
  width: number;
  channels: 1 | 3;
  values: Uint8Array | Float32Array;
}

/** What a decoder is told of the pictures it makes. */
export type DecoderForm = Pick<PictureForm, 'bits' | 'window'> & DecodeLimits & { maxPixels: number };

async function decodeCommon(path: string, bytes: Uint8Array, form: DecoderForm): Promise<Decoded> {
  if (form.bits === 16) return { ...(await decodeDeep(path, bytes, form)), channels: 3 };
  const { pixels, ...size } = await decode(path, bytes, form);
  return { ...size, channels: 3, values: pixels };
}

/** Whole numbers of float values, halves to even. */
const rounded = (values: Float32Array): Uint8Array =>
  Uint8Array.from(values, (value) => {
    const down = Math.floor(value);
    const rest = value - down;
    return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
  });

async function decodeMedical(_path: string, bytes: Uint8Array, { bits, window, maxPixels }: DecoderForm) {
  const picture: DecodedDicom = await decodeDicom(bytes, maxPixels);
  const values = dicomWindow(picture, window);
  return {
    height: picture.height,
    width: picture.width,
    channels: 1 as const,
    values: bits === 16 ? values : rounded(values),
  };
}

interface Decoder {
  version: () => string;
  decode: (path: string, bytes: Uint8Array, form: DecoderForm) => Promise<Decoded>;
}

const common: Decoder = { version: decoderVersion, decode: decodeCommon };

const decoders: Readonly<Record<string, Decoder>> = {
  '.dcm': { version: dicomVersion, decode: decodeMedical },
  '.pgm': { version: () => 'pgm 1', decode: async (_path, bytes, form) => decodePgm(bytes, form) },
};

const decoderOf = (path: string): Decoder => decoders[extensionOf(path)] ?? common;

/** The versions of all decoders that files with these paths need, as one text. */
export const versionsFor = (paths: readonly string[]): string => {
  const versions = [...new Set(paths.map((path) => decoderOf(path).version()))];
  return versions.length === 1 ? versions[0]! : JSON.stringify(versions.sort());
};

/** Decodes a file by its ending. Rejects with DamagedPicture. */
export async function decodedOf(path: string, bytes: Uint8Array, form: DecoderForm): Promise<Decoded> {
  if (bytes.length === 0) throw new DamagedPicture('the file is empty');
  return decoderOf(path).decode(path, bytes, form);
}

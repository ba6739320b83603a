/** DICOM files as grey pictures: one frame of 8 to 16 unsigned bits, and how its values are brought to 0 to 255. */
import { lazily } from '../../lazy/index.js';
import { DamagedPicture } from '../decode.js';
import { type DicomHeader, headerOf } from './header.js';
import { storedValues } from './pixels.js';

export { type DicomHeader, headerOf } from './header.js';
export { dicomWindow, windowOption } from './window.js';

/** A picture in a DICOM file: what its header says, and its values as they are stored, row by row. */
export interface DecodedDicom extends DicomHeader {
  values: Uint16Array;
}

/** Counts up whenever these files give other values or refuse other files; the versions of the packages are pinned. */
const rules = 1;

/** The name of everything that decides decoded values; part of every cache key. */
export const dicomVersion = lazily(() => `dicom ${rules}`);

/** Decodes the picture of a DICOM file. Rejects with DamagedPicture for a file that is none, or of a kind that is not read. */
export async function decodeDicom(bytes: Uint8Array, maxPixels: number): Promise<DecodedDicom> {
  const header = headerOf(bytes);
  const { width, height, bits } = header;
  if (width * height > maxPixels) {
    throw new DamagedPicture(`${width} x ${height} pixels are more than the limit of ${maxPixels}`);
  }
  const values = await storedValues(header);
  const most = 2 ** bits - 1;
  const beyond = values.findIndex((value) => value > most);
  if (beyond >= 0) throw new DamagedPicture(`a value of ${values[beyond]} where ${bits} bits are stored`);
  return { ...header, values };
}

/** Lossless JPEG (process 14), as mammograms are often stored: its frame is checked before anything is decoded. */
import { extraPackage } from '../../lazy/index.js';
import { DamagedPicture } from '../decode.js';
import type { DicomHeader } from './header.js';

interface Decoder {
  decode(buffer: ArrayBuffer, offset: number, length: number, bytesPerValue: number): Uint8Array | Uint16Array;
}

const codec = extraPackage<{ Decoder: new () => Decoder }>('DICOM', 'jpeg-lossless-decoder-js');

const refuse = (reason: string): never => {
  throw new DamagedPicture(reason);
};

/** Markers that begin a frame of any process; c4, c8 and cc are none. */
const beginsFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Finds the header of the frame and compares it with the file's. */
function checkFrame(bytes: Uint8Array, { height, width, bits, allocated }: DicomHeader): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) refuse('pixels that are no JPEG');
  // The last byte may be padding.
  const end = bytes.length - (bytes.at(-1) === 0 ? 1 : 0);
  if (view.getUint16(end - 2) !== 0xffd9) refuse('a JPEG without its end');
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) refuse('a damaged JPEG header');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (beginsFrame(marker)) {
      if (length < 11 || at + 2 + length > bytes.length) refuse('a damaged JPEG header');
      if (marker !== 0xc3) refuse(`a JPEG of process ${marker.toString(16)} where the lossless one, c3, is read`);
      const [precision, rows, columns, components] = [
        ...[bytes[at + 4]!, view.getUint16(at + 5), view.getUint16(at + 7), bytes[at + 9]!],
      ] as [number, number, number, number];
      if (rows !== height || columns !== width) {
        refuse(`a JPEG of ${columns} x ${rows} pixels where ${width} x ${height} belong`);
      }
      if (components !== 1) refuse(`a JPEG of ${components} components`);
      if (precision < bits || precision > allocated) refuse(`a JPEG of ${precision} bits where ${bits} are stored`);
      return;
    }
    if (marker === 0xda) break;
    at += 2 + length;
  }
  refuse('a JPEG without a frame');
}

/** The values of a frame. Throws DamagedPicture. */
export function decodeLosslessJpeg(bytes: Uint8Array, header: DicomHeader): Uint16Array {
  checkFrame(bytes, header);
  const { height, width, allocated } = header;
  const { Decoder } = codec();
  let values: Uint8Array | Uint16Array;
  try {
    // The decoder wants a buffer of its own; a slice of a Buffer would be none.
    const own = new Uint8Array(bytes);
    values = new Decoder().decode(own.buffer, 0, own.length, allocated / 8);
  } catch (error) {
    return refuse(`a damaged JPEG: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (values.length !== height * width) refuse(`${values.length} values of JPEG where ${height * width} belong`);
  return Uint16Array.from(values);
}

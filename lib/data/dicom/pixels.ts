/** The stored values of a DICOM picture, out of each transfer syntax that is read. */
import { DamagedPicture } from '../decode.js';
import { asked, type DicomHeader, dicomParser } from './header.js';
import { decodeJpeg2000 } from './jpeg2000.js';
import { decodeLosslessJpeg } from './lossless_jpeg.js';
import { decodeRle } from './rle.js';

const refuse = (reason: string): never => {
  throw new DamagedPicture(reason);
};

/** The values in bytes of the allocated size, in either order. */
function valuesIn(bytes: Uint8Array, { allocated, height, width }: DicomHeader, bigEndian: boolean): Uint16Array {
  const pixels = height * width;
  const size = pixels * (allocated / 8);
  // A value of odd length is followed by one byte of padding.
  if (bytes.length !== size && bytes.length !== size + (size % 2)) {
    refuse(`${bytes.length} bytes of pixels where ${size} belong`);
  }
  if (allocated === 8) return Uint16Array.from(bytes.subarray(0, size));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: pixels }, (_, i) => view.getUint16(2 * i, !bigEndian));
}

function plain(header: DicomHeader, bigEndian = false): Uint16Array {
  const { data, pixels, height, width, allocated } = header;
  if (pixels.encapsulatedPixelData || pixels.hadUndefinedLength)
    refuse('compressed pixels under an uncompressed transfer syntax');
  const bytes = data.byteArray.subarray(pixels.dataOffset, pixels.dataOffset + pixels.length);
  if (bytes.length !== pixels.length) refuse(`${bytes.length} bytes of pixels where ${pixels.length} are announced`);
  // Single bytes in words of the other order lie in pairs the other way round.
  if (bigEndian && allocated === 8 && height * width > 1)
    return refuse('8-bit values in big-endian order, which is not read');
  return valuesIn(bytes, header, bigEndian);
}

/** All fragments of the one frame, one after the other. */
function encapsulated({ data, pixels }: DicomHeader): Uint8Array {
  const { fragments } = pixels;
  if (fragments === undefined || fragments.length === 0) return refuse('no fragments of compressed pixels');
  const count = fragments.length;
  return asked('damaged fragments', () => dicomParser().readEncapsulatedPixelDataFromFragments(data, pixels, 0, count));
}

const syntaxes: Readonly<Record<string, (header: DicomHeader) => Uint16Array | Promise<Uint16Array>>> = {
  '1.2.840.10008.1.2': plain,
  '1.2.840.10008.1.2.1': plain,
  '1.2.840.10008.1.2.1.99': plain,
  '1.2.840.10008.1.2.2': (header) => plain(header, true),
  '1.2.840.10008.1.2.5': (header) => decodeRle(encapsulated(header), header),
  '1.2.840.10008.1.2.4.57': (header) => decodeLosslessJpeg(encapsulated(header), header),
  '1.2.840.10008.1.2.4.70': (header) => decodeLosslessJpeg(encapsulated(header), header),
  '1.2.840.10008.1.2.4.90': (header) => decodeJpeg2000(encapsulated(header), header),
  '1.2.840.10008.1.2.4.91': (header) => decodeJpeg2000(encapsulated(header), header),
};

/** The values as they are stored, row by row. Rejects with DamagedPicture for a syntax that is not read and for damage. */
export async function storedValues(header: DicomHeader): Promise<Uint16Array> {
  const { transferSyntax } = header;
  const decode = Object.hasOwn(syntaxes, transferSyntax) ? syntaxes[transferSyntax] : undefined;
  if (decode === undefined) return refuse(`the transfer syntax ${transferSyntax}, which is not read`);
  return decode(header);
}

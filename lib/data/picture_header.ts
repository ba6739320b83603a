/**
 * The size of a picture as its first bytes say, for the files whose first bytes say all that the rules of decode.ts ask: 8 bits a
 * value, and colours that are no CMYK. Of any other file nothing is said, and the decoder is asked instead.
 */

/** Sides in pixels. */
export interface PictureSides {
  width: number;
  height: number;
}

/** Frames of JPEG files that are decoded: baseline, extended and progressive, with Huffman codes. */
const frames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** Segments that may come before a frame: tables, comments and what applications add. */
const isBefore = (marker: number): boolean =>
  marker === 0xc4 || marker === 0xdb || marker === 0xdd || marker === 0xfe || (marker >= 0xe0 && marker <= 0xef);

function jpegSides(bytes: Uint8Array): PictureSides | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1]!;
    if (frames.has(marker)) {
      const [depth, height, width, components] = [
        bytes[at + 4],
        view.getUint16(at + 5),
        view.getUint16(at + 7),
        bytes[at + 9],
      ];
      const isPlain = depth === 8 && (components === 1 || components === 3) && height > 0 && width > 0;
      return isPlain ? { width, height } : undefined;
    }
    if (!isBefore(marker) || view.getUint16(at + 2) < 2) return undefined;
  }
  return undefined;
}

function pngSides(bytes: Uint8Array): PictureSides | undefined {
  if (bytes.length < 33 || Buffer.from(bytes.subarray(12, 16)).toString('latin1') !== 'IHDR') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height, depth] = [view.getUint32(16), view.getUint32(20), bytes[24]!];
  return depth <= 8 && width > 0 && height > 0 ? { width, height } : undefined;
}

const readers: Readonly<Record<string, (bytes: Uint8Array) => PictureSides | undefined>> = {
  jpeg: jpegSides,
  png: pngSides,
};

/** The sides of a picture of `format`, where its first bytes show that it is one of 8 bits without CMYK; otherwise undefined. */
export const plainSides = (format: string, bytes: Uint8Array): PictureSides | undefined => readers[format]?.(bytes);

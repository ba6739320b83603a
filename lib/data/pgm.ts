/** Grey pictures in the binary PGM format (P5 of Netpbm), as mini-MIAS has them: 8 bits, or 16 bits big-endian. */
import { DamagedPicture } from './decode.js';
import type { Decoded, DecoderForm } from './decoded.js';

/** The picture in the bytes of a file. Throws DamagedPicture for what is none, is not whole, or has other depths. */
export function decodePgm(bytes: Uint8Array, { bits, maxPixels }: DecoderForm): Decoded {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  const head = /^P5(?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,5})\s/.exec(text);
  if (head === null) throw new DamagedPicture('the file does not begin as a PGM picture (P5)');
  const [width, height, most] = head.slice(1).map(Number) as [number, number, number];
  if (width < 1 || height < 1) throw new DamagedPicture(`a picture of ${width} x ${height} pixels`);
  if (width * height > maxPixels) {
    throw new DamagedPicture(`${width} x ${height} pixels are more than the limit of ${maxPixels}`);
  }
  if (most !== 255 && most !== 65535) throw new DamagedPicture(`values up to ${most} where 255 and 65535 are read`);
  const deep = most > 255;
  if (deep && bits === 8) throw new DamagedPicture('16-bit picture; convert it to 8 bits, or take it with bits 16');
  const size = width * height * (deep ? 2 : 1);
  const body = bytes.subarray(head[0].length);
  if (body.length !== size) throw new DamagedPicture(`${body.length} bytes of pixels where ${size} belong`);
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const values = deep
    ? Float32Array.from({ length: width * height }, (_, i) => view.getUint16(2 * i) / 257)
    : bits === 16
      ? Float32Array.from(body)
      : body;
  return { height, width, channels: 1, values };
}

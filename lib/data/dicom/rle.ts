/** DICOM's run-length encoding (PS3.5, Annex G): each byte of the values is a segment of its own, the high bytes first. */
import { DamagedPicture } from '../decode.js';
import type { DicomHeader } from './header.js';

/** Bytes of the header: a number of segments and 15 offsets. */
const head = 64;

/** One segment, which has to give exactly `size` bytes. */
function segment(bytes: Uint8Array, size: number, number: number): Uint8Array {
  const out = new Uint8Array(size);
  const refuse = (): never => {
    throw new DamagedPicture(`segment ${number} of the run-length code does not give ${size} bytes`);
  };
  let [at, to] = [0, 0];
  while (to < size) {
    if (at >= bytes.length) refuse();
    const code = bytes[at++]!;
    if (code === 128) continue;
    const length = code < 128 ? code + 1 : 257 - code;
    const taken = code < 128 ? length : 1;
    if (to + length > size || at + taken > bytes.length) refuse();
    if (code < 128) out.set(bytes.subarray(at, at + length), to);
    else out.fill(bytes[at]!, to, to + length);
    at += taken;
    to += length;
  }
  return out;
}

/** The values of a frame. Throws DamagedPicture. */
export function decodeRle(bytes: Uint8Array, { height, width, allocated }: DicomHeader): Uint16Array {
  const planes = allocated / 8;
  if (bytes.length < head) throw new DamagedPicture(`a run-length code of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count !== planes) throw new DamagedPicture(`${count} segments of run-length code where ${planes} belong`);
  const size = height * width;
  const values = new Uint16Array(size);
  for (let plane = 0; plane < planes; plane++) {
    const from = view.getUint32(4 + 4 * plane, true);
    const to = plane + 1 < planes ? view.getUint32(8 + 4 * plane, true) : bytes.length;
    if (from < head || to < from || to > bytes.length)
      throw new DamagedPicture(`segment ${plane} at byte ${from} to ${to}`);
    const decoded = segment(bytes.subarray(from, to), size, plane);
    for (let i = 0; i < size; i++) values[i] = values[i]! * 256 + decoded[i]!;
  }
  return values;
}

/** JPEG 2000, by OpenJPEG compiled to WebAssembly, whose arithmetic is the same everywhere. */
import { extraPackage, lazily } from '../../lazy/index.js';
import { DamagedPicture } from '../decode.js';
import type { DicomHeader } from './header.js';

interface FrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned: boolean;
}

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  delete(): void;
}

interface Codec {
  J2KDecoder: new () => Decoder;
}

type Factory = (options: { print: () => void; printErr: (line: string) => void }) => Promise<Codec>;

const factory = extraPackage<Factory>('DICOM', '@cornerstonejs/codec-openjpeg/decodewasmjs');

/** What the codec said last of what it did not like. */
const said: string[] = [];

const codec = lazily(() => factory()({ print: () => {}, printErr: (line) => void said.push(line) }));

const refuse = (reason: string): never => {
  throw new DamagedPicture(reason);
};

/** What the codestream begins with: its size, its components and their depth. */
function sizeIn(bytes: Uint8Array): FrameInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 45 || view.getUint32(0) !== 0xff4fff51) return refuse('pixels that are no JPEG 2000 codestream');
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.getUint32(at)) as [
    number,
    number,
    number,
    number,
  ];
  const depth = bytes[42]!;
  return {
    ...{ width: right - left, height: bottom - top, componentCount: view.getUint16(40) },
    ...{ bitsPerSample: (depth & 127) + 1, isSigned: depth > 127 },
  };
}

function checkFrame(found: FrameInfo, { height, width, bits, allocated }: DicomHeader): void {
  const { bitsPerSample, componentCount, isSigned } = found;
  if (found.height !== height || found.width !== width) {
    refuse(`a JPEG 2000 of ${found.width} x ${found.height} pixels where ${width} x ${height} belong`);
  }
  if (componentCount !== 1) refuse(`a JPEG 2000 of ${componentCount} components`);
  if (isSigned) refuse('a JPEG 2000 of signed values where unsigned ones belong');
  if (bitsPerSample < bits || bitsPerSample > allocated) {
    refuse(`a JPEG 2000 of ${bitsPerSample} bits where ${bits} are stored`);
  }
}

/** The values of a frame. Rejects with DamagedPicture. */
export async function decodeJpeg2000(bytes: Uint8Array, header: DicomHeader): Promise<Uint16Array> {
  checkFrame(sizeIn(bytes), header);
  const decoder = new (await codec()).J2KDecoder();
  said.length = 0;
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    checkFrame(decoder.getFrameInfo(), header);
    const decoded = decoder.getDecodedBuffer();
    const wide = decoder.getFrameInfo().bitsPerSample > 8;
    const size = header.height * header.width;
    if (decoded.length !== size * (wide ? 2 : 1)) refuse(`${decoded.length} bytes of JPEG 2000 for ${size} values`);
    // A part that is missing leaves values that were never coded, and a word of the codec.
    if (said.length > 0) refuse(`a damaged JPEG 2000: ${said[0]!.trim()}`);
    if (!wide) return Uint16Array.from(decoded);
    const view = new DataView(decoded.buffer, decoded.byteOffset, decoded.byteLength);
    return Uint16Array.from({ length: size }, (_, i) => view.getUint16(2 * i, true));
  } catch (error) {
    if (error instanceof DamagedPicture) throw error;
    const words = said[0] ?? (error instanceof Error ? error.message : 'the codec cannot read it');
    return refuse(`a damaged JPEG 2000: ${words.trim()}`);
  } finally {
    decoder.delete();
  }
}

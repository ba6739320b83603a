/** What a DICOM file says of its picture, and the refusal of what is not read: every doubt is one clear reason. */
import { inflateRawSync } from 'node:zlib';
import { extraPackage } from '../../lazy/index.js';
import { DamagedPicture } from '../decode.js';

/** An element of a file: where its value lies. */
export interface Element {
  dataOffset: number;
  length: number;
  items?: readonly unknown[];
  hadUndefinedLength?: boolean;
  encapsulatedPixelData?: boolean;
  fragments?: readonly { offset: number; position: number; length: number }[];
}

/** A parsed file, as dicom-parser gives it. */
export interface DataSet {
  byteArray: Uint8Array;
  elements: Record<string, Element>;
  uint16(tag: string): number | undefined;
  string(tag: string): string | undefined;
}

interface Parser {
  parseDicom(bytes: Uint8Array, options: { inflater: (bytes: Uint8Array, position: number) => Uint8Array }): DataSet;
  readEncapsulatedPixelDataFromFragments(data: DataSet, element: Element, from: number, count: number): Uint8Array;
}

export const dicomParser = extraPackage<Parser>('DICOM', 'dicom-parser');

/** What a file says of its picture. */
export interface DicomHeader {
  height: number;
  width: number;
  /** Bits of a value, from 8 to 16. */
  bits: number;
  allocated: 8 | 16;
  /** Whether small values are bright: MONOCHROME1. */
  inverted: boolean;
  transferSyntax: string;
  slope: number;
  intercept: number;
  /** The first window of the file, if it has one. */
  voi: { center: number; width: number; exact: boolean } | undefined;
  /** Why values cannot be windowed as the file says. */
  doubt: string | undefined;
  data: DataSet;
  pixels: Element;
}

const tags = {
  transferSyntax: 'x00020010',
  samples: 'x00280002',
  photometric: 'x00280004',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  allocated: 'x00280100',
  stored: 'x00280101',
  high: 'x00280102',
  signed: 'x00280103',
  center: 'x00281050',
  width: 'x00281051',
  intercept: 'x00281052',
  slope: 'x00281053',
  voiFunction: 'x00281056',
  modalityTable: 'x00283000',
  voiTable: 'x00283010',
  pixels: 'x7fe00010',
} as const;

const refuse = (reason: string): never => {
  throw new DamagedPicture(reason);
};

/** Bytes that a deflated file may grow to. */
const mostInflated = 2 ** 30;

function inflater(bytes: Uint8Array, position: number): Uint8Array {
  const rest = inflateRawSync(bytes.subarray(position), { maxOutputLength: mostInflated });
  const whole = new Uint8Array(position + rest.length);
  whole.set(bytes.subarray(0, position));
  whole.set(rest, position);
  return whole;
}

/** The parser's own words: it throws texts, errors, and objects with either. */
function wordsOf(error: unknown): string {
  const inner = (error as { exception?: unknown } | null)?.exception ?? error;
  const text = inner instanceof Error ? inner.message : String(inner);
  return text.split('\n')[0]!.replace(/^dicomParser\.\w+: /, '');
}

/** `read`, with whatever the parser throws as a reason. */
export function asked<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedPicture) throw error;
    return refuse(`${what}: ${wordsOf(error)}`);
  }
}

/** A decimal number; the first one where there are several. */
function decimal(data: DataSet, tag: string, name: string): number | undefined {
  const text = asked(name, () => data.string(tag))
    ?.split('\\')[0]
    ?.trim();
  if (text === undefined || text === '') return undefined;
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : refuse(`${name} '${text}', which is no number`);
}

function count(data: DataSet, tag: string, name: string): number {
  const element = data.elements[tag];
  if (element === undefined) return refuse(`no ${name}`);
  if (element.length !== 2) return refuse(`${name} of ${element.length} bytes`);
  return asked(name, () => data.uint16(tag)) ?? refuse(`no ${name}`);
}

function windowIn(data: DataSet): DicomHeader['voi'] {
  const [center, width] = [decimal(data, tags.center, 'WindowCenter'), decimal(data, tags.width, 'WindowWidth')];
  if (center === undefined && width === undefined) return undefined;
  if (center === undefined || width === undefined) return refuse('a window with a centre or a width alone');
  const words = data.string(tags.voiFunction)?.trim() || 'LINEAR';
  if (words !== 'LINEAR' && words !== 'LINEAR_EXACT') return refuse(`the window function ${words}`);
  const exact = words === 'LINEAR_EXACT';
  if (exact ? width <= 0 : width < 1) return refuse(`a window of width ${width}`);
  return { center, width, exact };
}

/** Reads and checks the header of a file. Throws DamagedPicture. */
export function headerOf(bytes: Uint8Array): DicomHeader {
  const parser = dicomParser();
  const data = asked('not a whole DICOM file', () => parser.parseDicom(bytes, { inflater }));
  const transferSyntax =
    asked('TransferSyntaxUID', () => data.string(tags.transferSyntax)) ?? refuse('no TransferSyntaxUID');
  const pixels = data.elements[tags.pixels] ?? refuse('no pixel data');
  const photometric = asked('PhotometricInterpretation', () => data.string(tags.photometric))?.trim();
  if (photometric !== 'MONOCHROME1' && photometric !== 'MONOCHROME2') {
    refuse(`PhotometricInterpretation ${photometric ?? 'none'} where MONOCHROME1 and MONOCHROME2 are read`);
  }
  const samples = data.elements[tags.samples] === undefined ? 1 : count(data, tags.samples, 'SamplesPerPixel');
  if (samples !== 1) refuse(`${samples} samples a pixel where 1 is read`);
  const frames = decimal(data, tags.frames, 'NumberOfFrames') ?? 1;
  if (frames !== 1) refuse(`${frames} frames where 1 is read`);
  const [height, width] = [count(data, tags.rows, 'Rows'), count(data, tags.columns, 'Columns')];
  if (height < 1 || width < 1) refuse(`${width} x ${height} pixels`);
  const allocated = count(data, tags.allocated, 'BitsAllocated');
  if (allocated !== 8 && allocated !== 16) return refuse(`${allocated} bits allocated where 8 and 16 are read`);
  const bits = count(data, tags.stored, 'BitsStored');
  if (bits < 8 || bits > allocated) refuse(`${bits} bits stored of ${allocated} where 8 to 16 are read`);
  const high = data.elements[tags.high] === undefined ? bits - 1 : count(data, tags.high, 'HighBit');
  if (high !== bits - 1) refuse(`the high bit ${high} of ${bits} bits stored`);
  if (count(data, tags.signed, 'PixelRepresentation') !== 0) refuse('signed values where unsigned ones are read');
  const doubt = [
    data.elements[tags.modalityTable] && 'a table of modality values',
    data.elements[tags.voiTable] && data.elements[tags.center] === undefined && 'a table of window values',
  ].find((one) => typeof one === 'string');
  return {
    ...{ height, width, bits, allocated, transferSyntax, doubt, data, pixels },
    inverted: photometric === 'MONOCHROME1',
    slope: decimal(data, tags.slope, 'RescaleSlope') ?? 1,
    intercept: decimal(data, tags.intercept, 'RescaleIntercept') ?? 0,
    voi: windowIn(data),
  };
}

// Small DICOM files for the tests, written byte by byte: a preamble, the meta header, the elements of a picture.

/** A tag and what it holds: a number as US, a text as the VR says, bytes as they are. */
export type Elements = Record<string, number | string | Uint8Array | readonly Uint8Array[] | undefined>;

const vrs: Readonly<Record<string, string>> = {
  '00080060': 'CS',
  '00100020': 'LO',
  '00280002': 'US',
  '00280004': 'CS',
  '00280008': 'IS',
  '00280010': 'US',
  '00280011': 'US',
  '00280100': 'US',
  '00280101': 'US',
  '00280102': 'US',
  '00280103': 'US',
  '00281050': 'DS',
  '00281051': 'DS',
  '00281052': 'DS',
  '00281053': 'DS',
  '00281056': 'CS',
  '00283000': 'SQ',
  '00283010': 'SQ',
  '7fe00010': 'OW',
};

const long = ['OB', 'OW', 'SQ', 'UN'];

const tagBytes = (tag: string, big: boolean): Buffer => {
  const bytes = Buffer.alloc(4);
  for (const half of [0, 1]) {
    const word = Number.parseInt(tag.slice(4 * half, 4 * half + 4), 16);
    if (big) bytes.writeUInt16BE(word, 2 * half);
    else bytes.writeUInt16LE(word, 2 * half);
  }
  return bytes;
};

function wordOf(value: number, size: 2 | 4, big: boolean): Buffer {
  const bytes = Buffer.alloc(size);
  if (size === 2) big ? bytes.writeUInt16BE(value) : bytes.writeUInt16LE(value);
  else big ? bytes.writeUInt32BE(value) : bytes.writeUInt32LE(value);
  return bytes;
}

interface Form {
  implicit?: boolean;
  big?: boolean;
}

function element(tag: string, value: NonNullable<Elements[string]>, { implicit = false, big = false }: Form): Buffer {
  const vr = vrs[tag] ?? 'UI';
  const head = (length: number, isLong = long.includes(vr)): Buffer[] => {
    if (implicit) return [tagBytes(tag, big), wordOf(length, 4, big)];
    const name = Buffer.from(vr, 'latin1');
    return isLong
      ? [tagBytes(tag, big), name, Buffer.alloc(2), wordOf(length, 4, big)]
      : [tagBytes(tag, big), name, wordOf(length, 2, big)];
  };
  if (Array.isArray(value)) {
    // Fragments: an empty table of offsets, each fragment as an item, and the end of the sequence.
    const items = [Buffer.alloc(0), ...(value as Uint8Array[])].flatMap((bytes) => [
      tagBytes('fffee000', false),
      wordOf(bytes.length + (bytes.length % 2), 4, false),
      Buffer.from(bytes),
      Buffer.alloc(bytes.length % 2),
    ]);
    return Buffer.concat([...head(0xffffffff), ...items, tagBytes('fffee0dd', false), Buffer.alloc(4)]);
  }
  const bytes =
    typeof value === 'number'
      ? wordOf(value, 2, big)
      : typeof value === 'string'
        ? Buffer.from(value.length % 2 === 0 ? value : value + (vr === 'UI' ? '\0' : ' '), 'latin1')
        : Buffer.concat([value as Uint8Array, Buffer.alloc((value as Uint8Array).length % 2)]);
  return Buffer.concat([...head(bytes.length), bytes]);
}

/** A file of these elements under a transfer syntax; `undefined` leaves one out. */
export function dicomFile(elements: Elements, syntax = '1.2.840.10008.1.2.1'): Buffer {
  const form = { implicit: syntax === '1.2.840.10008.1.2', big: syntax === '1.2.840.10008.1.2.2' };
  const meta = element('00020010', syntax, {});
  const body = Object.entries(elements)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, value]) => element(tag, value!, form));
  const length = Buffer.concat([tagBytes('00020000', false), Buffer.from('UL'), wordOf(4, 2, false)]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, wordOf(meta.length, 4, false), meta, ...body]);
}

export interface Drawn {
  height: number;
  width: number;
  bits: number;
  values: readonly number[];
}

/** The elements of a grey picture. */
export function greyElements({ height, width, bits, values }: Drawn, more: Elements = {}, big = false): Elements {
  const allocated = bits === 8 ? 8 : 16;
  const pixels = allocated === 8 ? Buffer.from(values) : Buffer.concat(values.map((value) => wordOf(value, 2, big)));
  return {
    '00280002': 1,
    '00280004': 'MONOCHROME2',
    '00280010': height,
    '00280011': width,
    '00280100': allocated,
    '00280101': bits,
    '00280102': bits - 1,
    '00280103': 0,
    '7fe00010': pixels,
    ...more,
  };
}

/** The picture of coded_samples.py. */
export function sample(bits: 8 | 12): Drawn {
  const [height, width] = [7, 9];
  const values = Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return ((row * 37 + column * 11 + row * column) * (bits === 8 ? 1 : 53)) % 2 ** bits;
  });
  return { height, width, bits, values };
}

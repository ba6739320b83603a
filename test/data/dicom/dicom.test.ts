// Pictures of DICOM files: every transfer syntax that is read gives the same values, windows follow the standard's formula, and
// what is not read, or broken at any place, is one reason.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DamagedPicture } from '../../../lib/data/decode.js';
import { decodeDicom, dicomWindow, windowOption } from '../../../lib/data/dicom/index.js';
import { openDataset } from '../../../lib/data/index.js';
import { put, temporaryFolder } from '../pictures.js';
import { dicomFile, type Elements, greyElements, sample } from './dicom_file.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const coded: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(path.join(here, 'coded_samples.json'), 'utf8'),
);
const decode = (bytes: Uint8Array) => decodeDicom(bytes, 2 ** 20);
const plain = '1.2.840.10008.1.2.1';

/** What becomes of a file: its values, or the reason. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    return `read ${(await decode(bytes)).values.length}`;
  } catch (error) {
    if (error instanceof DamagedPicture) return error.message;
    throw error;
  }
}

describe.each([8, 12] as const)('a picture of %i bits', (bits) => {
  const drawn = sample(bits);

  it.each(['1.2.840.10008.1.2', plain])('is read uncompressed, %s', async (syntax) => {
    const { values, height, width, inverted } = await decode(dicomFile(greyElements(drawn), syntax));
    expect([Array.from(values), height, width, inverted]).toEqual([drawn.values, 7, 9, false]);
  });

  it.each(Object.entries(coded[bits]!))('is read as %s, in one fragment and in several', async (syntax, text) => {
    const bytes = Buffer.from(text, 'base64');
    const half = Math.floor(bytes.length / 4) * 2;
    for (const fragments of [[bytes], [bytes.subarray(0, half), bytes.subarray(half)]]) {
      const { values } = await decode(dicomFile(greyElements(drawn, { '7fe00010': fragments }), syntax));
      expect(Array.from(values)).toEqual(drawn.values);
    }
  });

  it.each(Object.entries(coded[bits]!))('is refused as %s when it is cut off anywhere', async (syntax, text) => {
    const bytes = Buffer.from(text, 'base64');
    const told: string[] = [];
    for (let length = 0; length < bytes.length - 3; length += 3) {
      told.push(await outcome(dicomFile(greyElements(drawn, { '7fe00010': [bytes.subarray(0, length)] }), syntax)));
    }
    expect(told.filter((one) => one.startsWith('read'))).toEqual([]);
  });

  it.each(Object.entries(coded[bits]!))(
    'is read as %s beside another size or depth of the header',
    async (syntax, text) => {
      const pixels = { '7fe00010': [Buffer.from(text, 'base64')] };
      for (const wrong of [{ '00280010': 8 }, { '00280011': 5 }] as Elements[]) {
        const told = await outcome(dicomFile(greyElements(drawn, { ...pixels, ...wrong }), syntax));
        expect(told).not.toMatch(/^read/);
      }
    },
  );
});

it('is read in big-endian order, and deflated', async () => {
  const drawn = sample(12);
  const big = dicomFile(greyElements(drawn, {}, true), '1.2.840.10008.1.2.2');
  expect(Array.from((await decode(big)).values)).toEqual(drawn.values);
  const whole = dicomFile(greyElements(drawn), '1.2.840.10008.1.2.1.99');
  const start = whole.indexOf(Buffer.from('28000200', 'hex'));
  const deflated = Buffer.concat([whole.subarray(0, start), deflateRawSync(whole.subarray(start))]);
  expect(Array.from((await decode(deflated)).values)).toEqual(drawn.values);
});

const drawn = sample(12);
const change = (more: Elements, syntax?: string) => dicomFile(greyElements(drawn, more), syntax);

describe('what is not read is one reason', () => {
  it.each<[string, Buffer, string]>([
    ['signed values', change({ '00280103': 1 }), 'signed values where unsigned ones are read'],
    [
      'a palette',
      change({ '00280004': 'PALETTE COLOR' }),
      'PhotometricInterpretation PALETTE COLOR where MONOCHROME1 and MONOCHROME2 are read',
    ],
    ['colours', change({ '00280002': 3 }), '3 samples a pixel where 1 is read'],
    ['frames', change({ '00280008': '2' }), '2 frames where 1 is read'],
    ['a count that is none', change({ '00280008': '1A' }), "NumberOfFrames '1A', which is no number"],
    ['wide values', change({ '00280100': 32 }), '32 bits allocated where 8 and 16 are read'],
    ['few bits', change({ '00280101': 7, '00280102': 6 }), '7 bits stored of 16 where 8 to 16 are read'],
    ['high bits', change({ '00280102': 15 }), 'the high bit 15 of 12 bits stored'],
    ['no rows', change({ '00280010': undefined }), 'no Rows'],
    ['no pixels', change({ '7fe00010': undefined }), 'no pixel data'],
    ['rows of none', change({ '00280010': 0 }), '9 x 0 pixels'],
    ['fewer pixels', change({ '00280010': 8 }), '126 bytes of pixels where 144 belong'],
    ['more pixels', change({ '00280010': 6 }), '126 bytes of pixels where 108 belong'],
    [
      'too large',
      change({ '00280010': 60000, '00280011': 60000 }),
      '60000 x 60000 pixels are more than the limit of 1048576',
    ],
    [
      'values beyond their bits',
      dicomFile(greyElements({ ...drawn, values: drawn.values.map((_, i) => (i === 5 ? 4096 : 1)) })),
      'a value of 4096 where 12 bits are stored',
    ],
    [
      'JPEG-LS',
      change({ '7fe00010': [Buffer.alloc(4)] }, '1.2.840.10008.1.2.4.80'),
      'the transfer syntax 1.2.840.10008.1.2.4.80, which is not read',
    ],
    [
      'coded pixels under a plain syntax',
      change({ '7fe00010': [Buffer.alloc(4)] }),
      'compressed pixels under an uncompressed transfer syntax',
    ],
    ['half a window', change({ '00281050': '5' }), 'a window with a centre or a width alone'],
    [
      'another window',
      change({ '00281050': '5', '00281051': '9', '00281056': 'SIGMOID' }),
      'the window function SIGMOID',
    ],
    [
      'no preamble',
      change({}).subarray(128),
      'not a whole DICOM file: DICM prefix not found at location 132 - this is not a valid DICOM P10 file.',
    ],
  ])('%s', async (_name, bytes, reason) => {
    expect(await outcome(bytes)).toBe(reason);
  });

  it('wherever a file is cut off', async () => {
    const whole = change({});
    for (let length = 0; length < whole.length; length += 7) {
      expect(await outcome(whole.subarray(0, length)), `${length}`).not.toMatch(/^read/);
    }
    expect(await outcome(whole)).toBe('read 63');
  });

  it('and no changed byte makes anything but values or a reason', async () => {
    for (const [syntax, text] of Object.entries(coded['8']!)) {
      const bytes = dicomFile(greyElements(sample(8), { '7fe00010': [Buffer.from(text, 'base64')] }), syntax);
      for (let at = 132; at < bytes.length; at += 5) {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ (1 << (at % 8)) ^ 0x41;
        expect(typeof (await outcome(changed))).toBe('string');
      }
    }
  });
});

describe('a window', () => {
  const ramp = { height: 1, width: 5, bits: 12, values: [0, 100, 101, 150, 4095] };
  const valuesOf = async (more: Elements, window?: string) =>
    Array.from(dicomWindow(await decode(dicomFile(greyElements(ramp, more))), window));
  const single = (values: number[]) => values.map(Math.fround);

  it('is that of the file, on rescaled values, by the formula of the standard', async () => {
    const linear = (x: number, c: number, w: number) =>
      x <= c - 0.5 - (w - 1) / 2 ? 0 : x > c - 0.5 + (w - 1) / 2 ? 255 : ((x - (c - 0.5)) / (w - 1) + 0.5) * 255;
    const window = { '00281050': '110\\3', '00281051': '41\\9' };
    expect(await valuesOf(window)).toEqual(single(ramp.values.map((x) => linear(x, 110, 41))));
    const rescaled = { ...window, '00281052': '-20', '00281053': '1.5' };
    expect(await valuesOf(rescaled)).toEqual(single(ramp.values.map((x) => linear(x * 1.5 - 20, 110, 41))));
  });

  it('is exact where the file says so', async () => {
    const exact = { '00281050': '100', '00281051': '100', '00281056': 'LINEAR_EXACT' };
    expect(await valuesOf(exact)).toEqual(single([0, 127.5, 130.05, 255, 255]));
  });

  it('is all that the bits hold where there is none, or where the user says so', async () => {
    const full = single(ramp.values.map((x) => (x / 4095) * 255));
    expect(await valuesOf({})).toEqual(full);
    expect(await valuesOf({ '00281050': '110', '00281051': '41' }, 'full')).toEqual(full);
  });

  it('turns MONOCHROME1 round', async () => {
    const inverted = await valuesOf({ '00280004': 'MONOCHROME1' });
    expect(inverted).toEqual(single(ramp.values.map((x) => 255 - (x / 4095) * 255)));
  });

  it('is not guessed where a table says it', async () => {
    const table = { '00283010': new Uint8Array(0) };
    await expect(valuesOf(table)).rejects.toThrow(
      'a table of window values, which is not read; window full does without',
    );
    expect(await valuesOf(table, 'full')).toHaveLength(5);
  });

  it.each(['wide', '5', '5,0', 3])('is refused as %o', (given) => {
    const told = JSON.stringify(given).replaceAll('"', "'");
    expect(() => windowOption('dicom', given)).toThrow(
      `dicom: expected window to be file, full, or CENTER,WIDTH with a width of 1 or more, got ${told}`,
    );
  });
});

describe('dicom:DIR', () => {
  const file = (salt: number) => {
    const values = Array.from({ length: 64 }, (_, i) => (i * 61 + salt * 401) % 4096);
    return dicomFile(greyElements({ height: 8, width: 8, bits: 12, values }));
  };
  const folder = () => {
    const made = temporaryFolder();
    put(made, { 'a/1.dcm': file(1), 'a/2.dcm': file(2), 'b/3.dcm': file(3), 'b/note.txt': 'x' });
    return made;
  };

  it('gives floats of one channel that keep all bits, or bytes', async () => {
    const source = `dicom:${folder()}`;
    const open = (dataOptions: Record<string, number | string>) =>
      openDataset({ source, imageSize: 8, cache: false, dataOptions });
    const deep = await open({ channels: 1, bits: 16 });
    const { x } = deep.train.read([2]);
    expect([deep.train.sampleShape, x.constructor]).toEqual([[8, 8, 1], Float32Array]);
    expect(Array.from(x.slice(0, 3))).toEqual(
      [0, 1, 2].map((i) => Math.fround((((i * 61 + 1203) % 4096) / 4095) * 255)),
    );
    const bytes = await open({});
    expect([bytes.train.sampleShape, bytes.train.read([2]).x[0]]).toEqual([[8, 8, 3], Math.round((1203 / 4095) * 255)]);
    expect(new Set([deep.digest, bytes.digest, (await open({ window: '100,50' })).digest]).size).toBe(3);
    expect(deep.description.leftOut).toMatchObject([{ reason: 'ending', count: 1 }]);
  });

  it('lists files that are not read, with their reasons', async () => {
    const made = folder();
    put(made, { 'a/4.dcm': change({ '00280103': 1 }) });
    await expect(openDataset({ source: `dicom:${made}`, imageSize: 8, cache: false })).rejects.toThrow(
      "openDataset: expected 4 pictures that can be read, got 1 damaged: train 'a/4.dcm' (signed values where unsigned ones are read); remove or repair them, or skip them with damaged 'skip'",
    );
  });
});

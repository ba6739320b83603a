// Readers that say which pictures of a folder are which: SDNET2018, mini-MIAS, CBIS-DDSM.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../lib/data/index.js';
import { dicomFile, greyElements } from '../dicom/dicom_file.js';
import { pngBytes, put, temporaryFolder } from '../pictures.js';

const open = (source: string, dataOptions = {}, more = {}) =>
  openDataset({ source, imageSize: 8, cache: false, dataOptions, ...more });

const countsOf = (dataset: Awaited<ReturnType<typeof open>>) =>
  dataset.description.splits.map(({ name, classes }) => [
    name,
    classes.map((one) => `${one.name} ${one.samples}`).join(' '),
  ]);

const refusal = (source: string, dataOptions = {}) =>
  open(source, dataOptions).then(
    () => 'opened',
    (error: Error) => error.message,
  );

describe('sdnet2018:DIR', () => {
  const folder = async () => {
    const made = temporaryFolder();
    for (const surface of 'DPW') {
      for (const state of 'CU') {
        for (const name of ['7001-1', '7001-2', '7002-1']) {
          put(made, {
            [`${surface}/${state}${surface}/${name}.png`]: await pngBytes(surface.charCodeAt(0) + name.length),
          });
        }
      }
    }
    return made;
  };

  it('has two classes of all surfaces, or of some, or a class of each', async () => {
    const source = `sdnet2018:${await folder()}`;
    expect(countsOf(await open(source))).toEqual([['train', 'uncracked 9 cracked 9']]);
    expect(countsOf(await open(source, { surfaces: 'WD' }))).toEqual([['train', 'uncracked 6 cracked 6']]);
    expect(countsOf(await open(source, { surfaces: 'DP', labels: 'surface' }))).toEqual([
      ['train', 'deck_uncracked 3 deck_cracked 3 pavement_uncracked 3 pavement_cracked 3'],
    ]);
  });

  it('keeps the pictures of one photograph together where asked', async () => {
    const source = `sdnet2018:${await folder()}`;
    const { train, validation } = await open(source, { wholePhotos: true }, { validationFraction: 0.3, splitSeed: 1 });
    const photo = (one: string) => `${one.slice(0, 1)} ${/\d+(?=-)/.exec(one)![0]}`;
    const kept = new Set(train.paths!.map(photo));
    expect(validation!.paths!.filter((one) => kept.has(photo(one)))).toEqual([]);
  });

  it('is refused without a folder, and with other surfaces', async () => {
    const made = await folder();
    expect(await refusal(`sdnet2018:${made}`, { surfaces: 'DX' })).toBe(
      "sdnet2018: expected surfaces to be some of DPW, each once, got 'DX'",
    );
    expect(await refusal(`sdnet2018:${path.join(made, 'D')}`)).toBe(
      `sdnet2018: expected a folder '${path.join(made, 'D', 'D', 'UD')}', got none`,
    );
  });
});

describe('mini-mias:DIR', () => {
  const pgm = (salt: number) =>
    Buffer.concat([
      Buffer.from('P5\n# a film\n8 8\n255\n'),
      Buffer.from(Array.from({ length: 64 }, (_, i) => (i * salt) % 256)),
    ]);
  const info = [
    'Some words about mdb and the films.',
    'mdb001 G CIRC B 535 425 197',
    'mdb002 G NORM',
    'mdb003 D NORM ',
    'mdb004 F CALC M 519 362 33',
    'mdb005 F CIRC B 477 133 30',
    'mdb005 F CIRC M 500 168 26',
    'mdb006 F CIRC B *NOTE 3*',
  ];
  const folder = (lines = info) => {
    const made = temporaryFolder();
    put(made, { 'Info.txt': lines.join('\r\n') });
    for (const film of [1, 2, 3, 4, 5, 6]) put(made, { [`mdb00${film}.pgm`]: pgm(film + 1) });
    return made;
  };

  it('takes the worst finding of each film, whether there is one, or its tissue', async () => {
    const source = `mini-mias:${folder()}`;
    const { train, description } = await open(source, { channels: 1 });
    expect(description.leftOut).toEqual([]);
    expect(train.paths!.map((one, i) => `${one.slice(3, 6)} ${train.labels![i]}`)).toEqual([
      ...['002 0', '003 0', '001 1', '006 1', '004 2', '005 2'],
    ]);
    expect(Array.from(train.read([0]).x.slice(0, 4))).toEqual([0, 3, 6, 9]);
    expect(countsOf(await open(source, { labels: 'abnormal' }))).toEqual([['train', 'normal 2 abnormal 4']]);
    const { train: tissues } = await open(source, { labels: 'tissue' });
    expect(tissues.paths!.map((one, i) => `${one.slice(3, 6)} ${tissues.labels![i]}`)).toEqual([
      ...['004 0', '005 0', '006 0', '001 1', '002 1', '003 2'],
    ]);
  });

  it('keeps the two films of a patient together', async () => {
    const options = { validationSamples: 2, splitSeed: 3 };
    const { train, validation } = await open(`mini-mias:${folder()}`, { labels: 'abnormal' }, options);
    const patient = (one: string) => Math.floor((Number(one.slice(3, 6)) - 1) / 2);
    const kept = new Set(train.paths!.map(patient));
    expect(validation!.length).toBeGreaterThan(0);
    expect(validation!.paths!.filter((one) => kept.has(patient(one)))).toEqual([]);
  });

  it('is refused for films without lines, lines that are none, and films that are no pictures', async () => {
    const short = folder(info.slice(0, 4));
    expect(await refusal(`mini-mias:${short}`)).toBe(
      `mini-mias: expected a line of film 'mdb004.pgm' in '${path.join(short, 'Info.txt')}', got none`,
    );
    const odd = folder([...info.slice(0, 2), 'mdb002 G WHAT']);
    expect(await refusal(`mini-mias:${odd}`)).toBe(
      `mini-mias: expected tissue, abnormality and, unless it is NORM, B or M in line 3 of '${path.join(odd, 'Info.txt')}', got 'mdb002 G WHAT'`,
    );
    const two = folder([...info, 'mdb005 D CIRC M 500 168 26']);
    expect(await refusal(`mini-mias:${two}`)).toBe(
      `mini-mias: expected one kind of tissue of each film, so F in line 9 of '${path.join(two, 'Info.txt')}', got 'mdb005 D CIRC M 500 168 26'`,
    );
    const cut = folder();
    put(cut, { 'mdb004.pgm': pgm(2).subarray(0, 60), 'mdb003.pgm': Buffer.from('P5\n8 8\n1023\n') });
    expect(await refusal(`mini-mias:${cut}`)).toContain(
      "2 damaged: train 'mdb003.pgm' (values up to 1023 where 255 and 65535 are read), train 'mdb004.pgm' (",
    );
  });
});

describe('cbis-ddsm:DIR', () => {
  const head = 'patient_id,abnormality id,pathology,image file path,cropped image file path';
  const file = (salt: number) =>
    dicomFile(
      greyElements({ height: 8, width: 8, bits: 8, values: Array.from({ length: 64 }, (_, i) => (i * salt) % 256) }),
    );
  const row = (patient: string, id: number, pathology: string, picture: string) =>
    `${patient},${id},${pathology},${picture}/000000.dcm,"${picture}/c${id}/000000.dcm\n"`;
  const tables = {
    mass_train: [
      ...[
        row('P_1', 1, 'BENIGN', 'm1'),
        row('P_1', 2, 'MALIGNANT', 'm1'),
        row('P_2', 1, 'BENIGN_WITHOUT_CALLBACK', 'm2'),
      ],
      ...[row('P_3', 1, 'MALIGNANT', 'm3'), row('P_4', 1, 'BENIGN', 'm4')],
    ],
    mass_test: [row('P_5', 1, 'BENIGN', 'm5'), row('P_6', 1, 'MALIGNANT', 'm6')],
    calc_train: [row('P_5', 1, 'BENIGN', 'k1'), row('P_7', 1, 'BENIGN', 'k2')],
  };
  const folder = (changed: Partial<Record<keyof typeof tables, string[]>> = {}, first = head) => {
    const made = temporaryFolder();
    for (const [name, rows] of Object.entries({ ...tables, ...changed })) {
      const [kind, split] = name.split('_');
      put(made, { [`${kind}_case_description_${split}_set.csv`]: [first, ...rows].join('\n') });
    }
    ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'k1', 'k2'].forEach((name, i) => {
      put(made, {
        [`${name}/000000.dcm`]: file(i + 3),
        [`${name}/c1/000000.dcm`]: file(i + 30),
        [`${name}/c2/000000.dcm`]: file(i + 50),
      });
    });
    return made;
  };

  it('is malignant where one finding is, and leaves patients of the test part out of training', async () => {
    const dataset = await open(`cbis-ddsm:${folder()}`);
    expect(countsOf(dataset)).toEqual([
      ['train', 'benign 3 malignant 2'],
      ['validation', 'benign 1 malignant 1'],
    ]);
    expect(dataset.train.paths!.slice(3)).toEqual(['m1/000000.dcm', 'm3/000000.dcm']);
    expect(dataset.description.leftOut).toMatchObject([{ reason: 'patient', count: 1, first: 'k1/000000.dcm' }]);
  });

  it('takes each finding cropped, one kind of table, and keeps patients together when some are held out', async () => {
    const made = `cbis-ddsm:${folder()}`;
    const cropped = await open(made, { tables: 'mass', pictures: 'cropped' });
    expect(countsOf(cropped)[0]).toEqual(['train', 'benign 3 malignant 2']);
    const { train, validation, test } = await open(
      made,
      { pictures: 'cropped' },
      { validationSamples: 2, splitSeed: 1 },
    );
    const of = (one: string) => one.split('/')[0];
    const kept = new Set(train.paths!.map(of));
    expect([validation!.paths!.filter((one) => kept.has(of(one))), test!.length]).toEqual([[], 2]);
  });

  it('is refused for tables and paths that are not as they should be', async () => {
    const table = (made: string) => path.join(made, 'mass_case_description_train_set.csv');
    const lacking = folder({}, head.replace('pathology', 'verdict'));
    expect(await refusal(`cbis-ddsm:${lacking}`)).toMatch(
      /^cbis-ddsm: expected the column 'pathology', once, in '.*_test_set\.csv', got patient_id, abnormality id, verdict/,
    );
    const outside = folder({ mass_train: [row('P_1', 1, 'BENIGN', '../m1')] });
    expect(await refusal(`cbis-ddsm:${outside}`)).toBe(
      `cbis-ddsm: expected a path inside the folder in row 1 of '${table(outside)}', got '../m1/000000.dcm'`,
    );
    const absent = folder({ mass_train: [row('P_1', 1, 'BENIGN', 'm9')] });
    expect(await refusal(`cbis-ddsm:${absent}`)).toBe(
      `cbis-ddsm: expected the file that row 1 of '${table(absent)}' names, got none at '${path.join(absent, 'm9/000000.dcm')}'`,
    );
    const odd = folder({ mass_train: [row('P_1', 1, 'UNSURE', 'm1')] });
    expect(await refusal(`cbis-ddsm:${odd}`)).toBe(
      `cbis-ddsm: expected pathology to be BENIGN, BENIGN_WITHOUT_CALLBACK, MALIGNANT in row 1 of '${table(odd)}', got 'UNSURE'`,
    );
    const two = folder({ mass_train: [row('P_1', 1, 'BENIGN', 'm1'), row('P_2', 1, 'BENIGN', 'm1')] });
    expect(await refusal(`cbis-ddsm:${two}`)).toMatch(/^cbis-ddsm: expected one patient of 'm1\/000000\.dcm', in row /);
    expect(await refusal(`cbis-ddsm:${temporaryFolder()}`)).toMatch(
      /^cbis-ddsm: expected mass_case_description_train_set\.csv in '.*', got no such file$/,
    );
    expect(await refusal(`cbis-ddsm:${folder()}`, { tables: 'mass,skin' })).toBe(
      "cbis-ddsm: expected tables to be mass, calc or both, got 'mass,skin'",
    );
  });
});

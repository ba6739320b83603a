// What `import 'samebits'` loads: no package. A program that needs none pays for none, as a list of modules shows, not a
// time. Controls: work that needs a package, and then it is on the list.

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dicomFile, greyElements, sample } from '../data/dicom/dicom_file.js';
import { put, temporaryFolder } from '../data/pictures.js';
import { text } from './sources.js';

const child = fileURLToPath(new URL('./loaded_child.mjs', import.meta.url));

/** Names of the packages that were loaded for a piece of work. */
function packagesFor(work: string, ...more: string[]): string[] {
  const files = JSON.parse(execFileSync(process.execPath, [child, work, ...more], { encoding: 'utf8' })) as string[];
  expect(files.some((file) => file.endsWith('/dist/index.js'))).toBe(true);
  const names = files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

describe("import 'samebits'", () => {
  it('loads no package that is not needed', () => {
    expect(packagesFor('nothing')).toEqual([]);
  });

  it('needs none to learn from arrays', () => {
    expect(packagesFor('fit')).toEqual([]);
  });

  it.each([
    ['picture', 'sharp'],
    ['run', 'zod'],
    ['statistics', 'mathjs'],
    ['events', '@bufbuild/protobuf'],
  ])('loads for work with a %s the package %s (control)', (work, name) => {
    expect(packagesFor(work)).toContain(name);
  });

  it('loads for a DICOM file the parser alone, and a codec where a file is coded so', () => {
    const coded: Record<string, string> = JSON.parse(text('test/data/dicom/coded_samples.json'))['8'];
    const packagesOf = (syntax?: string) => {
      const folder = temporaryFolder();
      const pixels = syntax === undefined ? {} : { '7fe00010': [Buffer.from(coded[syntax]!, 'base64')] };
      put(folder, { 'one.dcm': dicomFile(greyElements(sample(8), pixels), syntax) });
      return packagesFor('dicom', path.join(folder, 'one.dcm'));
    };
    expect(packagesOf()).toEqual(['dicom-parser']);
    expect(packagesOf('1.2.840.10008.1.2.5')).toEqual(['dicom-parser']);
    expect(packagesOf('1.2.840.10008.1.2.4.90')).toEqual(['@cornerstonejs/codec-openjpeg', 'dicom-parser']);
    expect(packagesOf('1.2.840.10008.1.2.4.70')).toEqual(['dicom-parser', 'jpeg-lossless-decoder-js']);
  });
});

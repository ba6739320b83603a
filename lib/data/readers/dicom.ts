/** dicom: DICOM files in a folder a class, or in train/ and validation/ of such, as pictures lie. */
import { join } from 'node:path';
import { windowOption } from '../dicom/index.js';
import { holdsBothSplits, listFolder } from '../folders.js';
import type { PictureReader, ReaderOptions } from './reader.js';

const who = 'dicom';
const endings: ReadonlySet<string> = new Set(['.dcm']);

function list(folder: string, options: ReaderOptions) {
  const window = windowOption(who, options['window']);
  const both = holdsBothSplits(folder, who);
  const of = (name: string) => listFolder(both ? join(folder, name) : folder, who, endings);
  return { train: of('train'), validation: both ? of('validation') : undefined, window };
}

export const dicom: PictureReader = {
  kind: 'pictures',
  name: 'dicom',
  what: 'a folder with one folder of .dcm files a class',
  takes: 'folder',
  options: ['window'],
  targets: 'class',
  list,
};

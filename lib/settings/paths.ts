/** Paths among the settings, as the command line reads them. */
import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { isDrawn, readerOf, readers } from '../data/index.js';
import { ArgumentError, show } from '../errors/index.js';

/** Endings by which a model or data is taken for a module. */
const moduleEndings: readonly string[] = ['.mjs', '.js', '.cjs', '.ts', '.mts', '.cts'];

/** Whether a name is that of a module: by its ending, and unless it is a folder. */
export function isModulePath(name: string): boolean {
  return moduleEndings.includes(extname(name)) && !statSync(name, { throwIfNoEntry: false })?.isDirectory();
}

/** What the settings of a run say of data that `model.fit` was given: no path, and nothing to open. */
export const dataGiven = 'given to model.fit';

/** Whether what a setting says of data is pictures, which have a size; where it says nothing, they may be. */
export const arePictureData = (data: string | undefined): boolean =>
  data === undefined || !(data === dataGiven || isModulePath(data) || readerOf(data)?.reader.kind === 'arrays');

/** Endings of files that hold the config of a network, of which no code is run. */
const configEndings: readonly string[] = ['.keras', '.json'];

/** Whether a name is that of a file with a config, by its ending. */
export const isConfigPath = (name: string): boolean => configEndings.includes(extname(name));

/** What a model's name stands for, by its ending alone: nothing is looked up. */
export function modelKind(name: string): 'name' | 'module' | 'config' {
  if (isConfigPath(name)) return 'config';
  return moduleEndings.includes(extname(name)) ? 'module' : 'name';
}

/** Reads the path of a folder that exists. */
export function readFolder(flag: string, text: string, expected = 'a folder'): string {
  const hint = existsSync(text) ? 'that is not a folder' : 'there is no such folder';
  if (text === '' || !existsSync(text) || !statSync(text).isDirectory()) {
    throw new ArgumentError({ who: flag, expected, got: show(text), hint });
  }
  return text;
}

/** Reads the path of a file that exists. */
function readFile(flag: string, text: string, expected: string): string {
  const stat = text === '' ? undefined : statSync(text, { throwIfNoEntry: false });
  if (stat?.isFile()) return text;
  const hint = stat === undefined ? 'there is no such file' : 'that is not a file';
  throw new ArgumentError({ who: flag, expected, got: show(text), hint });
}

/** `mnist:DIR`, a form for each reader. */
const readerForms = Object.values(readers).map(({ name, takes }) => `${name}:${takes === 'file' ? 'FILE' : 'DIR'}`);

/**
 * Reads what names data: a set that is drawn (`synthetic`, `cracks`), a module, a reader and its folder, or a folder that exists. Whether a module is there is seen
 * when it is loaded.
 */
export function readData(flag: string, text: string): string {
  if (isDrawn(text) || isModulePath(text)) return text;
  const found = readerOf(text);
  if (found !== undefined) {
    const { name, what, takes } = found.reader;
    (takes === 'file' ? readFile : readFolder)(flag, found.path, `${name}: and ${what}`);
    return text;
  }
  return readFolder(flag, text, `a folder, ${readerForms.join(', ')}, 'synthetic' or 'cracks'`);
}

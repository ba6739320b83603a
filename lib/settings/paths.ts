/** Paths among the settings, as the command line reads them. */
import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';

/** Endings by which a model or data is taken for a module. */
const moduleEndings: readonly string[] = ['.mjs', '.js', '.cjs', '.ts', '.mts', '.cts'];

/** Whether a name is that of a module: by its ending, and unless it is a folder. */
export function isModulePath(name: string): boolean {
  return moduleEndings.includes(extname(name)) && !statSync(name, { throwIfNoEntry: false })?.isDirectory();
}

/** Reads the path of a folder that exists. */
export function readFolder(flag: string, text: string, expected = 'a folder'): string {
  const hint = existsSync(text) ? 'that is not a folder' : 'there is no such folder';
  if (text === '' || !existsSync(text) || !statSync(text).isDirectory()) {
    throw new ArgumentError({ who: flag, expected, got: show(text), hint });
  }
  return text;
}

/** Reads what names data: `synthetic`, a module, or a folder that exists. Whether a module is there is seen when it is loaded. */
export function readData(flag: string, text: string): string {
  if (text === 'synthetic' || isModulePath(text)) return text;
  return readFolder(flag, text, "a folder or 'synthetic'");
}

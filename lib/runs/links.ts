/**
 * Symbolic links in the folder of a run that this user did not begin: a link names a path just as a text does, and what the folder
 * of a stranger names is not opened.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, show } from '../errors/index.js';
import { ownSettings } from './settings_file.js';

const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** What a run folder may hold; other names in it are nobody's business. */
const names = [
  ...['settings.json', 'data.json', 'owner.json', 'receipt.json', 'result.json', 'history.jsonl', 'trace.bin'],
  ...['usage.json'],
  ...['checkpoint.safetensors', 'initial.safetensors', 'predictions.safetensors'],
];

/** Folders inside a run folder. */
export const parts = ['checkpoints', 'steps', 'weights'];

/** Throws FileError, in the words of `who`, for a link in the run folder of somebody else; nothing in it is opened before. */
export function expectNoLinks(who: string, folder: string): void {
  const inside = parts.filter((part) => isFolder(join(folder, part)));
  const all = [
    ...names,
    ...parts,
    ...inside.flatMap((part) => readdirSync(join(folder, part)).map((name) => join(part, name))),
  ];
  const link = all.find((name) => isLink(join(folder, name)));
  if (link === undefined) return;
  // Settings that are a link themselves have been read by nobody.
  if (link !== 'settings.json' && ownSettings(folder) !== undefined) return;
  const hint = 'it is not followed: the run is not of this user on this machine';
  throw new FileError({ who, expected: `a run folder ${show(folder)} without links`, got: show(link), hint });
}

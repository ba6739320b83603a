// Makes tarballs, by npm, of folders that hold exactly what is to be in them; npm gives equal folders equal bytes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export const manifest = () => JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** What cannot be packed, in one line. */
export class Refusal extends Error {}

function npmPack(folder, args) {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', '--json', ...args], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Refusal(`expected npm pack to succeed in ${folder}, got: ${stderr.trim()}`);
  return JSON.parse(stdout)[0];
}

/** The files that package.json's `files` name, '/'-separated. */
export const filesToPack = () => npmPack(root, ['--dry-run']).files.map(({ path: file }) => file);

/** Makes the tarball of a folder in `out`; returns its path, its bytes when unpacked, and its integrity. */
export function tarballOf(folder, out) {
  mkdirSync(out, { recursive: true });
  const { filename, unpackedSize, integrity } = npmPack(folder, ['--pack-destination', out]);
  return { file: path.join(out, filename), unpackedSize, integrity };
}

// A folder as a reader of the pages has it: the package installed, and photographs beside it, small ones.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../architecture/sources.js';
import { picture } from '../data/pictures.js';

export interface Sandbox {
  folder: string;
  remove: () => void;
}

/** Photographs of two classes, four each, and those that the pages name. */
export async function sandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-docs-'));
  const names = ['cats', 'dogs'].flatMap((name) => [1, 2, 3, 4].map((i) => `photos/${name}/${i}.png`));
  for (const [salt, name] of [...names, 'cat.jpg', 'chow.jpg', 'pairs/pair_0.jpg', 'pairs/pair_1.jpg'].entries()) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    await picture(salt + 1, 90, 110).toFile(path.join(folder, name));
  }
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules', 'samebits'), 'dir');
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Runs Node in the sandbox and returns what came of it. */
export function node({ folder }: Sandbox, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** Runs a module in the sandbox. */
export function runModule(box: Sandbox, code: string, ending = 'mjs') {
  writeFileSync(path.join(box.folder, `block.${ending}`), code);
  return node(box, [`block.${ending}`]);
}

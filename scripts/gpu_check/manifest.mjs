// What a pack says of itself: of which sources it was made, and how large its trainings are.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const name = 'pack.json';

/** The manifest of the pack that `root` is; undefined in a clone. */
export function manifestOf(root) {
  const file = path.join(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

export const manifestFile = (root) => path.join(root, name);

/** What a run takes along into another folder in which it goes on: its receipt speaks of all its epochs, and of their files. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, show } from '../errors/index.js';
import { copyWhole } from '../files/index.js';
import { initialName } from './initial.js';
import { parts } from './links.js';
import { weightsPath } from './run_folder.js';

/** The files of a run folder that stay as they are when the run goes on, by their paths in the folder. */
function lasting(folder: string): string[] {
  const inside = parts.flatMap((part) =>
    existsSync(join(folder, part)) ? readdirSync(join(folder, part)).map((name) => join(part, name)) : [],
  );
  return [initialName, ...inside.filter((name) => name.endsWith('.safetensors'))].filter((name) =>
    existsSync(join(folder, name)),
  );
}

/**
 * Copies the weights and checkpoints of the epochs that are done, and what the run began with, where that is another folder.
 * Throws FileError, before any is copied, where the weights of such an epoch are missing, and where a copy cannot be written.
 */
export function takeAlong(from: string, folder: string, epochs: number): void {
  if (from === folder) return;
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const path = weightsPath(from, epoch);
    if (!existsSync(path)) {
      throw new FileError({ who: 'resume', expected: `the weights of epoch ${epoch} in ${show(path)}`, got: 'none' });
    }
  }
  for (const name of lasting(from)) copyWhole(join(from, name), join(folder, name));
}

/**
 * The folder of an experiment: `experiment.json` says what it is, one folder a trial holds what the trainer wrote, `result.json` the
 * whole at the end.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { contentsOf, readJson, sweepNeighbours, writeWhole } from '../files/index.js';
import type { Machine } from '../runs/index.js';
import type { Definition } from './definition.js';
import type { Versions } from './result.js';

/** What an experiment is and runs on; a folder is gone on with only if all but the start is the same. */
export interface Identity {
  definition: Definition;
  machine: Machine;
  versions: Versions;
  startedAt: string;
}

function differences(here: unknown, there: unknown, place = ''): string[] {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(here) || !isObject(there)) {
    return JSON.stringify(here) === JSON.stringify(there)
      ? []
      : [`${place} ${show(there)} there and ${show(here)} here`];
  }
  const [a, b] = [here, there] as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], key));
}

function requireSame(folder: string, here: Identity, there: Identity): void {
  const [first] = differences({ ...here, startedAt: '' }, { ...there, startedAt: '' });
  if (first !== undefined) {
    throw new ArgumentError({
      who: 'runExperiment out',
      expected: 'an empty folder or one of the same experiment',
      got: `${show(folder)} with ${first}`,
      hint: 'choose another folder, or remove this one',
    });
  }
}

/** Opens the folder of an experiment, which is claimed. Throws ArgumentError if it belongs to something else. */
export function openFolder(folder: string, identity: Identity): { identity: Identity; leave: () => void } {
  sweepNeighbours([folder]);
  const about = join(folder, 'experiment.json');
  if (existsSync(about)) {
    const there = readJson(about) as Identity;
    requireSame(folder, identity, there);
    return { identity: { ...identity, startedAt: there.startedAt }, leave: () => {} };
  }
  if (contentsOf(folder).length > 0) {
    throw new ArgumentError({
      who: 'runExperiment out',
      expected: 'an empty folder or one of the same experiment',
      got: `${show(folder)}, which holds other files`,
    });
  }
  writeWhole(about, `${JSON.stringify(identity, null, 2)}\n`);
  return { identity, leave: () => leaveNothing(folder) };
}

/** Removes what was written for an experiment of which no trial was finished. */
function leaveNothing(folder: string): void {
  const left = contentsOf(folder).filter((name) => name !== 'experiment.json');
  if (left.length === 0) rmSync(join(folder, 'experiment.json'), { force: true });
}

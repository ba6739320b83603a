/**
 * What a training took, one entry a process that worked on it: `usage.json`. It is written after every epoch, so that one that is
 * killed has told of the epochs that it did. No receipt holds it: what a training costs is no part of what it computes.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Usage } from '../energy/index.js';
import { FileError, show } from '../errors/index.js';
import { readJson, writeWhole } from '../files/index.js';
import { lazySchema } from '../lazy/index.js';

const usagePath = (folder: string): string => join(folder, 'usage.json');

const schema = lazySchema((z) => {
  const seconds = z.number().min(0);
  const reading = z.union([z.strictObject({ joules: seconds }), z.strictObject({ missing: z.string() })]);
  const usage = z.strictObject({
    ...{ since: z.iso.datetime(), wallSeconds: seconds, processorSeconds: seconds, processor: z.string() },
    ...{ energy: reading, device: reading.exactOptional() },
  });
  return z.array(usage);
});

/** What the processes of a run took; none where its folder does not tell. Throws FileError for a file of something else. */
export function readUsage(folder: string): Usage[] {
  const path = usagePath(folder);
  if (!existsSync(path)) return [];
  const { success, data, error } = schema().safeParse(readJson(path));
  if (success) return data;
  const got = `no valid ${error.issues[0]!.path.map(String).join('.') || 'list'}`;
  throw new FileError({ who: 'usage', expected: `what a training took in ${show(path)}`, got });
}

/** Keeps what the processes of a run took. */
export function writeUsage(folder: string, usage: readonly Usage[]): void {
  writeWhole(usagePath(folder), `${JSON.stringify(usage, null, 2)}\n`);
}

// Builds the addon once more with the bodies of the kernels measured by gcov, unoptimised, so that every line and every instance
// of a template keeps its own count. Everything else is compiled as it is, or taken as node-gyp compiled it.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesUnder, root } from '../architecture/sources.js';
import { headers } from '../support/node_headers.js';

const require = createRequire(import.meta.url);
const { sources } = require('../../native/sources.cjs') as { sources(build: string): string[] };

/** Where objects, counts and the addon lie. */
export const folder = path.join(root, 'build/forms');
const compiled = path.join(root, 'build/Release/obj.target/samebits');
// g++ compiles them, whatever compiles the addon: counts are read by its gcov, and forms are those of the source.
const compiler = 'g++';
const flags = [
  ...'-std=c++20 -O0 -fPIC -ffp-contract=off -fno-math-errno -fno-trapping-math -fvisibility=hidden -w'.split(' '),
  ...'-DNAPI_VERSION=9 -DNAPI_CPP_EXCEPTIONS -DNODE_GYP_MODULE_NAME=samebits -Inative'.split(' '),
  ...[headers(), path.dirname(require.resolve('node-addon-api'))].map((room) => `-isystem${room}`),
];
const measured = (source: string) => source.startsWith('native/ops/');
export const run = (command: string, args: readonly string[]) =>
  promisify(execFile)(command, [...args], { cwd: root, maxBuffer: 1 << 28 });

/** gcov of the compiler; undefined when there is none. */
export async function gcov(): Promise<string | undefined> {
  try {
    const { stdout } = await run(compiler, ['-print-prog-name=gcov']);
    const { stdout: version } = await run(stdout.trim(), ['--version']);
    return version.startsWith('gcov') ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The object of a source, compiled unless it is there; its counts will lie beside it, by the same name. */
async function object(source: string, digest: string): Promise<string> {
  const there = path.join(compiled, source.replace(/\.cc$/, '.o'));
  if (!measured(source) && existsSync(there)) return there;
  const key = createHash('sha256')
    .update(digest)
    .update(readFileSync(path.join(root, source)))
    .digest('hex');
  const file = path.join(folder, `${source.replaceAll('/', '_')}.${key.slice(0, 16)}.o`);
  if (existsSync(file)) return file;
  const part = `${file}.${process.pid}`;
  const counted = measured(source) ? ['--coverage', '-fprofile-update=atomic'] : [];
  await run(compiler, [...flags, ...counted, '-c', source, '-o', part]);
  renameSync(part, file);
  return file;
}

export interface Measured {
  addon: string;
  /** The objects whose lines are counted. */
  objects: string[];
}

/** Builds the addon, two objects at a time. */
export async function buildMeasured(): Promise<Measured> {
  mkdirSync(folder, { recursive: true });
  const hash = createHash('sha256').update(JSON.stringify([compiler, flags]));
  for (const file of filesUnder('native', ['.h', '.inc']))
    hash.update(file).update(readFileSync(path.join(root, file)));
  const digest = hash.digest('hex');
  const all = sources('cpu');
  const made: string[] = [];
  const left = [...all.entries()];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      made[next[0]] = await object(next[1], digest);
  };
  await Promise.all([work(), work()]);
  const addon = path.join(folder, `${createHash('sha256').update(made.join()).digest('hex').slice(0, 16)}.node`);
  if (!existsSync(addon)) {
    await run(compiler, ['-shared', '-pthread', '--coverage', ...made, '-o', `${addon}.${process.pid}`]);
    renameSync(`${addon}.${process.pid}`, addon);
  }
  return { addon, objects: made.filter((file) => file.startsWith(folder)) };
}

// Builds the shim: the sources of the CUDA build, .cu files too, by the C++ compiler against test/shim/include instead of
// CUDA. The result is the addon as it would be on a machine with a device, and one program that does things wrong.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesUnder, root } from '../architecture/sources.js';
import { headers } from '../support/node_headers.js';

const require = createRequire(import.meta.url);
const { sources } = require('../../native/sources.cjs') as { sources(build: string): string[] };
const folder = path.join(root, 'build/shim');
const [compiler, ...chosen] = (process.env['CXX'] ?? 'g++').split(' ');
const flags = [
  ...chosen,
  ...'-std=c++20 -O2 -fPIC -ffp-contract=off -fno-math-errno -fno-trapping-math -fvisibility=hidden'.split(' '),
  ...'-Wall -Wextra -Wno-psabi -Wno-unused-function -Wno-unknown-pragmas'.split(' '),
  ...'-DNAPI_VERSION=9 -DNAPI_CPP_EXCEPTIONS -DNODE_GYP_MODULE_NAME=samebits'.split(' '),
  // Before native: the shim has its own simt/shared.h, and no CPU bodies.
  ...['test/shim/include', 'test/shim', 'native'].map((room) => `-I${room}`),
  ...[headers(), path.dirname(require.resolve('node-addon-api'))].map((room) => `-isystem${room}`),
];
const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-pthread'];

const compile = (args: readonly string[]) => promisify(execFile)(compiler!, [...args], { cwd: root });

/**
 * How .cu files are compiled for a recording build (record.cc): each access to memory is a call, as ThreadSanitizer has it, and
 * arithmetic that is undefined is reported. What else is in the program is as in the others.
 */
const recorded = (source: string): string[] => {
  if (!source.endsWith('.cu')) return [];
  // The runtime has no kernels, and atomic operations that would be calls too.
  const calls = source.startsWith('native/runtime/') ? '' : ' -fsanitize=thread -U__SANITIZE_THREAD__ -Wno-tsan';
  return `-O1 -fsanitize=undefined,float-cast-overflow -fno-sanitize=vptr${calls}`.split(' ');
};

/** Changes when any header does, or how they are compiled. */
const headersDigest = (): string => {
  const hash = createHash('sha256').update(JSON.stringify([compiler, flags, recorded.toString()]));
  for (const file of ['native', 'test/shim'].flatMap((room) => filesUnder(room, ['.h', '.cuh', '.inc'])))
    hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
};

/**
 * Removes what an earlier state of the sources left: finished files whose names begin like this one. The file itself stays: another
 * process may have made it in between, and use it.
 */
function removeOlder(start: string, file: string): void {
  for (const name of readdirSync(folder)) {
    const isOther = name.startsWith(start) && name !== path.basename(file);
    // What another process has under way stays: its own part, and the file that clang writes before it has its name.
    if (isOther && !/\.(?:\d+|tmp)$/.test(name)) rmSync(path.join(folder, name), { force: true });
  }
}

/** Compiles one source unless that was done before, and returns its object. */
async function object(source: string, digest: string, extra: readonly string[]): Promise<string> {
  const key = createHash('sha256')
    .update(digest)
    .update(readFileSync(path.join(root, source)))
    .digest('hex');
  const stem = `${extra.length > 0 ? 'recorded.' : ''}${source.replaceAll('/', '_')}`;
  const file = path.join(folder, `${stem}.${key.slice(0, 16)}.o`);
  if (existsSync(file)) return file;
  const part = `${file}.${process.pid}`;
  await compile([...flags, ...extra, '-x', 'c++', '-c', source, '-o', part]);
  removeOlder(`${stem}.`, file);
  renameSync(part, file);
  return file;
}

/**
 * The objects of all sources, two at a time. Test files that begin together need the same ones: they take them in orders of their own,
 * so that each finds what the others compiled.
 */
async function objects(files: readonly string[], isRecording: boolean): Promise<string[]> {
  const digest = headersDigest();
  const made: string[] = [];
  const first = Math.imul(process.pid, 0x9e3779b1) >>> 0;
  const left = files.map((_, i) => (i + first) % files.length).map((i) => [i, files[i]!] as const);
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      made[next[0]] = await object(next[1], digest, isRecording ? recorded(next[1]) : []);
  };
  await Promise.all([work(), work()]);
  return made;
}

async function link(
  name: string,
  files: readonly string[],
  args: readonly string[],
  isRecording = false,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const made = await objects(files, isRecording);
  const file = path.join(folder, `${name}.${createHash('sha256').update(made.join()).digest('hex').slice(0, 16)}`);
  const target = `${file}${path.extname(name)}`;
  if (existsSync(target)) return target;
  const part = `${target}.${process.pid}`;
  await compile([...chosen, ...args, ...made, '-o', part]);
  removeOlder(`${name}.`, target);
  renameSync(part, target);
  return target;
}

const runtime = ['grid', 'watch', 'memory', 'stream', 'calls'].map((name) => `test/shim/${name}.cc`);

/** Builds the addon with all its CUDA kernels for the CPU, and returns its file. */
export const buildAddon = (): Promise<string> => link('shim.node', [...sources('cuda'), ...runtime], shared);

const kernels = () => sources('cuda').filter((source) => !source.startsWith('native/binding/'));
const conformance = ['conformance', 'case_file', 'device_run', 'fma_check', 'replay'];

const ofConformance = () => [
  ...[...kernels(), ...runtime],
  ...conformance.map((name) => `native/conformance/${name}.cc`),
];

/** Builds the conformance program with all CUDA kernels for the CPU, and returns its file. */
export const buildConformance = (): Promise<string> => link('conformance', ofConformance(), ['-pthread']);

const recorder = 'test/shim/record.cc';
const linked = ['-pthread', '-fsanitize=undefined'];

/** Builds what records the use of memory, one after the other: the conformance program, the addon, and planted faults. */
export async function buildRecording(): Promise<{ program: string; addon: string; faults: string }> {
  const program = await link('recording_conformance', [...ofConformance(), recorder], linked, true);
  const addon = await link(
    'recording_shim.node',
    [...sources('cuda'), ...runtime, recorder],
    [...shared, ...linked],
    true,
  );
  const planted = [...runtime, recorder, 'test/shim/recorded_faults.cu'];
  return { program, addon, faults: await link('recording_faults', planted, linked, true) };
}

/** Builds a program that asks the device something, `prove` or `probe`, for the CPU, and returns its file. */
export const buildDeviceProgram = (name: 'prove' | 'probe'): Promise<string> =>
  link(`${name}_device`, [...runtime, `native/${name}/${name}_device.cu`], ['-pthread']);

/** Builds the program that shows what the device does when calls of CUDA fail, and returns its file. */
export const buildDeviceFaults = (): Promise<string> =>
  link('device', [...kernels(), ...runtime, 'test/shim/device.cc'], ['-pthread']);

/** Builds the program of kernels that do something wrong, and returns its file. */
export const buildFaults = (): Promise<string> => link('faults', [...runtime, 'test/shim/faults.cc'], ['-pthread']);

/** Builds the program that tells what kernels say of tensors larger than they count, and returns its file. */
export const buildTooLarge = (): Promise<string> =>
  link('too_large', [...kernels(), ...runtime, 'test/shim/too_large.cc'], ['-pthread']);

// Compiles CUDA sources to PTX with the flags of the build, and asks ptxas what a device would get.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);
const start = promisify(execFile);

/** Every .cu of the addon in a checkout. */
export const addonFiles = (checkout = root) =>
  require(path.join(checkout, 'native/sources.cjs'))
    .sources('cuda')
    .filter((file) => file.endsWith('.cu'));

/** Every .cu that a device gets: those of the addon, and the two programs that ask a device something. */
export const cudaFiles = () => [...addonFiles(), 'native/probe/probe_device.cu', 'native/prove/prove_device.cu'];

/** The flags that CMakeLists.txt gives nvcc. */
export function flagsOfBuild(checkout = root) {
  const text = readFileSync(path.join(checkout, 'CMakeLists.txt'), 'utf8');
  const found = /\$<\$<COMPILE_LANGUAGE:CUDA>:([^>]*)>/.exec(text);
  if (found === null) throw new Error('expected CMakeLists.txt to have flags of CUDA, got none');
  return found[1].trim().split(/\s+/);
}

/** The compiler's version, `13.0`; undefined where there is none. */
export async function nvccVersion(nvcc = 'nvcc') {
  try {
    return /release (\d+\.\d+)/.exec((await start(nvcc, ['--version'])).stdout)?.[1];
  } catch {
    return undefined;
  }
}

/** Runs work over items, two at a time; the results in the order of the items. */
export async function both(items, work) {
  const results = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

/** The PTX of one source for one architecture; where `assembled`, what ptxas says of it and its cubin too. */
export async function compile(
  file,
  { arch, checkout = root, flags = flagsOfBuild(checkout), nvcc = 'nvcc', assembled = false },
) {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-ptx-'));
  const ptx = path.join(folder, 'x.ptx');
  try {
    const args = ['-std=c++20', ...flags, '-Inative', `-arch=compute_${arch}`, '-ptx', file, '-o', ptx];
    await start(nvcc, args, { cwd: checkout, maxBuffer: 1e8 });
    const text = readFileSync(ptx, 'utf8');
    if (!assembled) return { text, report: '' };
    const ptxas = nvcc.replace(/nvcc$/, 'ptxas');
    const cubin = path.join(folder, 'x.cubin');
    const { stderr } = await start(ptxas, [`-arch=sm_${arch}`, '-v', ptx, '-o', cubin], { maxBuffer: 1e8 });
    return { text, report: stderr, cubin: readFileSync(cubin) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

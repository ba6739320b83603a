// A second CUDA compiler, where it is installed: clang compiles each source with the headers of nvcc's toolkit.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './compile.mjs';

const start = promisify(execFile);
const names = ['clang++', ...Array.from({ length: 10 }, (_, i) => `clang++-${23 - i}`)];

/** Headers that clang's own include of every CUDA source names, and that a toolkit without textures and curand does not have. */
const absent = ['texture_fetch_functions.h', 'texture_indirect_functions.h', 'curand_mtgp32_kernel.h'];

/** Where nvcc's toolkit lies; undefined without one. */
async function toolkit(nvcc = 'nvcc') {
  const { stderr } = await start(nvcc, ['--dryrun', '-x', 'cu', '-E', '/dev/null']).catch(() => ({ stderr: '' }));
  const top = /^#\$ TOP=(.*)$/m.exec(stderr)?.[1];
  return top && path.resolve(top);
}

/** `{ clang, version, cuda }`, or `{ missing }`: why sources cannot be compiled by clang here. */
export async function findClang() {
  const cuda = await toolkit();
  if (cuda === undefined) return { missing: 'no nvcc, whose headers it would read' };
  for (const clang of names) {
    const { stdout } = await start(clang, ['--version']).catch(() => ({ stdout: '' }));
    const version = /clang version (\d+)/.exec(stdout)?.[1];
    if (version !== undefined) return { clang, version, cuda };
  }
  return { missing: 'no clang++ (Debian package clang)' };
}

/** What CMakeLists.txt asks of nvcc, in clang's words: nothing is fused. It flushes nothing and divides as IEEE has it by itself. */
export const clangFlags = ['-O2', '-ffp-contract=off', '-Wall', '-Wextra', '-Werror'];

/** The PTX that clang makes of a source. Rejects with what clang says where it refuses or warns. */
export async function compileByClang(file, { clang, cuda }, { arch = '75', flags = clangFlags } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-clang-'));
  const [empty, ptx] = [path.join(folder, 'include'), path.join(folder, 'x.ptx')];
  try {
    mkdirSync(empty);
    for (const name of absent) writeFileSync(path.join(empty, name), '');
    const args = [
      ...['-x', 'cuda', '--cuda-device-only', `--cuda-path=${cuda}`, `--cuda-gpu-arch=sm_${arch}`, '-std=c++20'],
      // The toolkit may be newer than clang knows, and its headers no longer declare textures.
      ...['-Wno-unknown-cuda-version', '-D__CLANG_CUDA_TEXTURE_INTRINSICS_H__', '-idirafter', empty],
      ...[...flags, '-Inative', '-S', file, '-o', ptx],
    ];
    await start(clang, args, { cwd: root, maxBuffer: 1e8 });
    return readFileSync(ptx, 'utf8');
  } catch (error) {
    throw new Error(`${clang}: expected ${file} to compile without a warning, got ${error.stderr ?? error.message}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Builds the addon with its CUDA kernels and the programs that the check runs, with CMake alone: cmake-js would ask the
// network for node's headers. Where `npm run build:cuda` was run, its folder is used, and what is built there already is
// not built again; otherwise a folder of the check's own, for the one architecture of the device.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expectSuccess, root } from './child.mjs';
import { architecture } from './machine.mjs';
import { Stop } from './options.mjs';
import { findHeaders, findNvcc } from './tools.mjs';

/** The programs that a check runs, all in one folder. */
export const programsIn = (where) => ({
  addon: path.join(where, 'samebits.node'),
  conformance: path.join(where, 'conformance'),
  prove: path.join(where, 'prove_device'),
  probe: path.join(where, 'probe_device'),
});

/** The entries of a CMake cache by name; none when there is no cache. */
export function cacheEntries(file) {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Za-z_]\w*:\w+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf('=') + 1)]));
}

/** Where to build: the folder of `npm run build:cuda` if it is a build of `home`, otherwise the check's own. */
export function buildFolder(home = root) {
  const whole = path.join(home, 'build/cuda');
  const builtFor = cacheEntries(path.join(whole, 'CMakeCache.txt')).CMAKE_HOME_DIRECTORY;
  return builtFor !== undefined && path.resolve(builtFor) === home ? whole : path.join(home, 'build/gpu_check/native');
}

/** The programs as CMake builds them in a folder. */
export const programsBuiltIn = (folder) => ({
  ...programsIn(folder),
  addon: path.join(folder, 'Release/samebits.node'),
});

/** The settings of CMake beyond those its cache has. Throws Stop where the architecture cannot be known. */
export function settings({ arch, nodeHeaders, nvcc }, { cache, device, folder, home = root }) {
  const always = ['-DWITH_CUDA=ON', '-DSAMEBITS_CONFORMANCE=ON', `-DSAMEBITS_NODE=${process.execPath}`];
  const before = cache.CMAKE_HOME_DIRECTORY;
  if (before !== undefined && path.resolve(before) !== home)
    throw new Stop(
      `expected ${path.relative(home, folder)} to be a build of this folder, got one of ${before}; remove it`,
      3,
    );
  if (before !== undefined && arch === undefined) return always;
  const chosen = arch ?? architecture(device);
  if (chosen === undefined) {
    const hint = 'give --arch, for example --arch 90';
    throw new Stop(
      `expected nvidia-smi to name the device's architecture, got none (${device.missing ?? 'no compute_cap'}); ${hint}`,
      3,
    );
  }
  const fresh = [
    '-DCMAKE_BUILD_TYPE=Release',
    `-DCMAKE_CUDA_COMPILER=${findNvcc(nvcc)}`,
    `-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=${path.join(folder, 'Release')}`,
    `-DCMAKE_JS_INC=${[findHeaders(nodeHeaders), path.join(root, 'node_modules/node-addon-api')].join(';')}`,
  ];
  return [...always, `-DCMAKE_CUDA_ARCHITECTURES=${chosen}-real`, ...(before === undefined ? fresh : [])];
}

/** Configures and builds; resolves with what was compiled for. */
export async function build(options, { device, folder, signal }) {
  const cacheFile = path.join(folder, 'CMakeCache.txt');
  const flags = settings(options, { cache: cacheEntries(cacheFile), device, folder });
  await expectSuccess('cmake', ['-S', root, '-B', folder, ...flags], { signal });
  const targets = ['samebits', 'conformance', 'prove_device', 'probe_device'];
  await expectSuccess('cmake', ['--build', folder, '--parallel', String(options.jobs), '--target', ...targets], {
    signal,
  });
  const cache = cacheEntries(cacheFile);
  const version = (await expectSuccess(cache.CMAKE_CUDA_COMPILER, ['--version'], { signal })).trim().split('\n').at(-2);
  return { nvcc: version, architectures: cache.CMAKE_CUDA_ARCHITECTURES ?? 'those of CMakeLists.txt' };
}

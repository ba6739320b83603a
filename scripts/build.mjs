// Builds the native addon. It runs before anything is installed, so it uses Node's own modules only.
//   --gyp      node-gyp, into build/Release          --cmake   cmake-js, into build/cmake
//   --cuda     cmake-js with nvcc, into build/cuda   --install what `npm install` does: node-gyp, else cmake-js
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

function resolve(id) {
  try {
    return require.resolve(id);
  } catch {
    return undefined;
  }
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options }).status === 0;
}

function has(command) {
  return run(command, ['--version'], { stdio: 'ignore' });
}

function gyp() {
  const script = resolve('node-gyp/bin/node-gyp.js') ?? process.env.npm_config_node_gyp;
  if (script === undefined) return false;
  // Headers installed beside node need no download.
  const prefix = path.resolve(process.execPath, '..', '..');
  const local = existsSync(path.join(prefix, 'include/node/common.gypi')) ? [`--nodedir=${prefix}`] : [];
  const action = existsSync(path.join(root, 'build/config.gypi')) ? ['configure', 'build'] : ['rebuild'];
  return run(process.execPath, [script, ...action, '--loglevel=warn', '-j', String(availableParallelism()), ...local]);
}

function cmake(folder, extra = []) {
  const script = resolve('cmake-js/bin/cmake-js');
  if (script === undefined || !has('cmake')) return false;
  const shared = ['--log-level', 'warn', '--parallel', String(availableParallelism()), '-O', path.join(root, folder)];
  return run(process.execPath, [script, 'compile', ...shared, ...extra]);
}

function cuda() {
  const nvcc = process.env.CUDACXX ?? (has('nvcc') ? 'nvcc' : ['/usr/local/cuda/bin/nvcc'].find(existsSync));
  if (nvcc === undefined) {
    console.error('build: expected nvcc, got none; install the CUDA toolkit or set CUDACXX');
    return false;
  }
  return cmake('build/cuda', ['--CDWITH_CUDA=ON', `--CDCMAKE_CUDA_COMPILER=${nvcc}`]);
}

const builds = {
  '--gyp': gyp,
  '--cmake': () => cmake('build/cmake'),
  '--cuda': cuda,
  '--install': () => gyp() || cmake('build/cmake'),
};

const choice = process.argv[2] ?? '--gyp';
const build = builds[choice];
if (build === undefined) {
  console.error(`build: expected one of ${Object.keys(builds).join(', ')}, got '${choice}'`);
  process.exit(2);
}
process.exit(build() ? 0 : 1);

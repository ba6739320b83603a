// Builds the native addon, in the checkout or in an installed package that has none for its machine. It runs before anything is
// installed, so it uses Node's own modules only.
//   --any      node-gyp, else cmake-js; what is done where nothing is said
//   --gyp      node-gyp, into build/Release          --cmake   cmake-js, into build/cmake
//   --cuda     cmake-js with nvcc, into build/cuda
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

// Headers installed beside node need no download, and npm beside it brings a node-gyp.
const prefix = path.resolve(process.execPath, '..', '..');

/** Whether packages are there; says on stderr how to get those that are not. */
function expectPackages(...names) {
  const missing = names.filter((name) => resolve(`${name}/package.json`) === undefined);
  if (missing.length === 0) return true;
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const wanted = missing.map((name) => `${name}@${devDependencies[name].replace('^', '')}`);
  console.error(
    `build: expected ${names.join(' and ')}, got no ${missing.join(', no ')}; in the folder of your project run`,
  );
  console.error(`  npm install --no-save ${wanted.join(' ')}`);
  return false;
}

function gyp() {
  const ofNpm = ['lib/node_modules/npm', 'bin/node_modules/npm'].map((folder) =>
    path.join(prefix, folder, 'node_modules/node-gyp/bin/node-gyp.js'),
  );
  const others = [process.env.npm_config_node_gyp, ...ofNpm].filter((file) => file !== undefined && existsSync(file));
  const script = resolve('node-gyp/bin/node-gyp.js') ?? others[0];
  if (!expectPackages('node-addon-api', ...(script === undefined ? ['node-gyp'] : []))) return false;
  const local = existsSync(path.join(prefix, 'include/node/common.gypi')) ? [`--nodedir=${prefix}`] : [];
  const action = existsSync(path.join(root, 'build/config.gypi')) ? ['configure', 'build'] : ['rebuild'];
  const made = run(process.execPath, [
    script,
    ...action,
    '--loglevel=warn',
    '-j',
    String(availableParallelism()),
    ...local,
  ]);
  if (!made) console.error('build: expected a C++20 compiler, Python 3 and make, got the words of node-gyp above');
  return made;
}

function cmake(folder, extra = []) {
  if (!expectPackages('cmake-js', 'node-addon-api', 'node-api-headers')) return false;
  if (!has('cmake')) {
    console.error('build: expected cmake 3.22 or newer, got none');
    return false;
  }
  const script = resolve('cmake-js/bin/cmake-js');
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
  '--any': () => gyp() || cmake('build/cmake'),
};

const choice = process.argv[2] ?? '--any';
const build = builds[choice];
if (build === undefined) {
  console.error(`build: expected one of ${Object.keys(builds).join(', ')}, got '${choice}'`);
  process.exit(2);
}
process.exit(build() ? 0 : 1);

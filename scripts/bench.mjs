// Compiles the benches and the probe that measures this machine's peaks, then runs the benches.
//   npm run bench -- [ops] [modes] [models] [trace] [start] [--quick] ...    see bench/options.ts
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const addons = ['build/cuda/Release', 'build/Release', 'build/cmake/Release'];
const probe = path.join(root, 'build/probe/probe');

function run(title, command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (status === 0) return;
  if (title !== undefined) {
    console.error(`bench: expected ${title}, got ${error?.message ?? `exit code ${status} of ${command}`}`);
  }
  process.exit(status ?? 1);
}

run('the benches to compile', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.bench.json']);
// The compiled library reads its version two folders above itself.
copyFileSync(path.join(root, 'package.json'), path.join(root, 'build/bench/package.json'));

mkdirSync(path.dirname(probe), { recursive: true });
const [compiler, ...first] = (process.env.CXX ?? 'g++').split(' ');
const flags = ['-std=c++20', '-O3', '-ffp-contract=off', '-Wno-psabi', '-pthread', '-Inative'];
const sources = ['native/probe/probe.cc', 'native/runtime/detect.cc'];
run('the probe to compile', compiler, [...first, ...flags, ...sources, '-o', probe]);

// The compiled library lies in build/bench/lib, from where it would not find the addon by itself.
const addon = addons.map((folder) => path.join(root, folder, 'samebits.node')).find(existsSync);
run(undefined, process.execPath, ['--expose-gc', 'build/bench/bench/run.js', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { SAMEBITS_ADDON: addon, ...process.env, SAMEBITS_PROBE: probe },
});

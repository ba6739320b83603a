// Makes a clone ready: installs packages when they are missing or the lock file changed, builds the addon and dist/ when
// their sources are newer. Runs before anything is installed, so it uses Node's own modules only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stamps = path.join(root, 'build', 'stamps');

function run(title, command, args, env = {}) {
  console.error(`setup: ${title}`);
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error(`setup: expected '${command} ${args.join(' ')}' to succeed, got exit code ${result.status}`);
    process.exit(1);
  }
}

function files(entry) {
  const full = path.join(root, entry);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [full];
  return readdirSync(full, { recursive: true })
    .map((name) => path.join(full, name))
    .filter((name) => statSync(name).isFile());
}

// A digest of names and contents: unlike times, it does not change when a clone is copied or a cache is restored.
function digest(entries, more = '') {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n${more}`);
  for (const file of entries.flatMap(files).sort()) {
    hash.update(path.relative(root, file)).update('\n').update(readFileSync(file));
  }
  return hash.digest('hex');
}

function step(name, inputs, outputs, action, more) {
  const wanted = digest(inputs, more);
  const stamp = path.join(stamps, name);
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (fresh && outputs.every((output) => existsSync(path.join(root, output)))) return;
  action();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(`${stamp}.new`, wanted);
  renameSync(`${stamp}.new`, stamp);
}

/** The compiler of the addon: what CC and CXX say, and the version of what is there. Another one builds anew. */
function compiler() {
  const { CC = '', CXX = '' } = process.env;
  const [command, ...words] = (CXX || 'c++').split(' ');
  const { stdout } = spawnSync(command, [...words, '--version'], { encoding: 'utf8' });
  return `${CC}\n${CXX}\n${stdout ?? ''}`;
}

step('packages', ['package-lock.json'], ['node_modules/typescript'], () =>
  // The addon is built by its own step below, so that a changed source alone does not reinstall packages.
  run('installing packages', 'npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit']),
);
step(
  'native',
  ['native', 'binding.gyp', 'package-lock.json'],
  ['build/Release/samebits.node'],
  () => run('building the addon', process.execPath, ['scripts/build.mjs']),
  compiler(),
);
const how = ['scripts/bundle.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];
step('dist', ['lib', ...how], ['dist/index.js', 'dist/types/index.d.ts'], () => {
  run('bundling lib', process.execPath, ['scripts/bundle.mjs']);
  run('writing types', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
});

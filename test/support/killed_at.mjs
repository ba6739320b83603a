// Preloaded into a child of the tests: the process kills itself at one of its changes to the files under a folder, in the
// middle of it where it is a write. Used as `node --import test/support/killed_at.mjs program`, with
// SAMEBITS_KILL = {"inside": FOLDER, "at": N}; with N = 0 it lives, and says at its end on stderr how many changes it made.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { inside, at } = JSON.parse(process.env.SAMEBITS_KILL);
const files = new Set();
let changes = 0;

const concerns = (target) => (typeof target === 'number' ? files.has(target) : String(target).startsWith(inside));

/** Calls `half` and ends, if this is the change to end at. */
function counted(target, half) {
  if (!concerns(target)) return;
  changes += 1;
  if (changes !== at) return;
  half();
  process.kill(process.pid, 'SIGKILL');
}

function watch(name, half = () => {}) {
  const original = fs[name];
  fs[name] = (target, ...rest) => {
    counted(target, () => half(original, target, ...rest));
    return original(target, ...rest);
  };
}

const open = fs.openSync;
fs.openSync = (path, ...rest) => {
  const file = open(path, ...rest);
  if (concerns(path)) files.add(file);
  return file;
};
const close = fs.closeSync;
fs.closeSync = (file) => {
  files.delete(file);
  close(file);
};

watch('writeFileSync', (write, path, content) => write(path, content.slice(0, content.length >> 1)));
watch('writeSync', (write, file, bytes, offset, length, position) => write(file, bytes, offset, length >> 1, position));
for (const name of ['renameSync', 'linkSync', 'rmSync', 'mkdirSync', 'rmdirSync', 'ftruncateSync', 'copyFileSync']) {
  watch(name);
}
syncBuiltinESMExports();

if (at === 0) process.on('exit', () => process.stderr.write(`${changes} changes\n`));

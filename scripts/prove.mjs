// Shows that the functions of native/core/numerics.h are correctly rounded, and that their digests are the recorded ones.
//   npm run prove                                                 all functions, all 2^32 inputs each
//   npm run prove -- --function exp,log --stride 64 --offset 0    some functions, every 64th input
//   --threads N   default: all processors      --record   writes the digests instead of comparing them
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const recordFile = path.join(root, 'native/prove/digests.json');
const recorded = JSON.parse(readFileSync(recordFile, 'utf8'));
const known = Object.keys(recorded.functions);

function stop(message, code = 2) {
  console.error(`prove: ${message}`);
  process.exit(code);
}

function options() {
  const flags = { type: 'string' };
  try {
    return parseArgs({
      options: { function: flags, stride: flags, offset: flags, threads: flags, record: { type: 'boolean' } },
    }).values;
  } catch (error) {
    return stop(
      `expected --function, --stride, --offset, --threads or --record, got '${process.argv.slice(2).join(' ')}' (${error.message})`,
    );
  }
}

function integer(name, text, low, high) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high)
    stop(`expected --${name} to be an integer from ${low} to ${high}, got '${text}'`);
  return value;
}

/** Compiles the prover and returns its path. */
function build() {
  const folder = path.join(root, 'build/prove');
  const program = path.join(folder, 'prove');
  mkdirSync(folder, { recursive: true });
  // Whatever compiles the addon: the judges' 113 bits (quadmath) are g++'s alone.
  const compiler = 'g++';
  const quad = process.arch === 'x64' ? ['-lquadmath'] : [];
  const flags =
    '-std=c++20 -O3 -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread -Inative native/prove/prove.cc -o'.split(
      ' ',
    );
  const part = `${program}.${process.pid}`;
  const made = spawnSync(compiler, [...flags, part, ...quad], { cwd: root, stdio: ['ignore', 2, 2] });
  if (made.error !== undefined || made.status !== 0)
    stop(
      `expected '${compiler}' to compile native/prove/prove.cc, got ${made.error?.message ?? `exit code ${made.status}`}`,
      1,
    );
  renameSync(part, program);
  return program;
}

const {
  function: list,
  stride: strideText = '1',
  offset: offsetText = '0',
  threads: threadsText,
  record = false,
} = options();
const functions = list === undefined ? known : list.split(',');
const unknown = functions.find((name) => !known.includes(name));
if (unknown !== undefined) stop(`expected --function to be of ${known.join(', ')}, got '${unknown}'`);
const stride = integer('stride', strideText, 1, 2 ** 32);
const offset = integer('offset', offsetText, 0, stride - 1);
const threads = integer('threads', threadsText ?? availableParallelism(), 1, 256);
const which = offset !== 0 ? undefined : { 1: 'all', 64: 'slice' }[stride];
if (record && which === undefined)
  stop(`expected --stride 1 or 64 and --offset 0 with --record, got ${stride} and ${offset}`);

const program = build();
let failed = 0;
for (const name of functions) {
  const run = spawnSync(program, [name, stride, offset, threads].map(String), { stdio: ['ignore', 'pipe', 2] });
  if (run.stdout.length === 0)
    stop(`expected a result for ${name}, got exit code ${run.status} (${run.signal ?? 'no signal'})`, 1);
  const result = JSON.parse(run.stdout.toString());
  const before = which === undefined ? undefined : recorded.functions[name][which];
  const same = record || before === undefined || before === result.digest;
  if (record && run.status === 0) recorded.functions[name][which] = result.digest;
  if (run.status !== 0 || !same) failed += 1;
  const verdict =
    run.status !== 0 ? 'NOT CORRECTLY ROUNDED' : same ? 'correctly rounded' : `DIGEST DIFFERS from ${before}`;
  console.log(
    `${name.padEnd(12)}${result.inputs} inputs, ${result.mismatches} mismatches, ${result.quad} decided in quad precision, ` +
      `${result.undecided} undecided, ${result.digest}, ${result.seconds} s: ${verdict}`,
  );
}
if (record) {
  writeFileSync(`${recordFile}.part`, `${JSON.stringify(recorded, null, 2)}\n`);
  renameSync(`${recordFile}.part`, recordFile);
}
console.log(
  failed === 0
    ? `${functions.length} of ${functions.length} functions hold`
    : `${failed} of ${functions.length} functions do not hold`,
);
process.exit(failed === 0 ? 0 : 1);

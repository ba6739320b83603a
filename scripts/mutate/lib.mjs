// The lib part: Stryker over the rooms of lib that decide results, one source file at a time, so that a run that is
// stopped goes on with the file it was at. What was found is kept in build/mutate/lib and asked again only where the
// file or a test of its room changed.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rooms, testsOf } from './rooms.mjs';
import { lines, table } from './scores.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const kept = path.join(root, 'build/mutate/lib');

/** The source files of a room; an index that only hands names on has nothing to mutate, which Stryker finds out. */
const filesOf = (room) =>
  readdirSync(path.join(root, 'lib', room), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => `lib/${room}/${name}`);

const resultFile = (file) => path.join(kept, `${file.slice('lib/'.length, -'.ts'.length).replaceAll('/', '.')}.json`);

const options = (file) => ({
  packageManager: 'npm',
  plugins: ['runner.mjs', 'wording.mjs'].map((name) => path.join(root, 'scripts/mutate', name)),
  ignorers: ['wording'],
  mutate: [file],
  testRunner: 'in-process',
  // A process keeps every module it ever loaded.
  maxTestRunnerReuse: 300,
  coverageAnalysis: 'perTest',
  incremental: true,
  incrementalFile: resultFile(file),
  concurrency: 1,
  // Far above what a test takes: a busy machine is no proof of an endless loop.
  timeoutMS: 30_000,
  timeoutFactor: 4,
  reporters: ['json'],
  jsonReporter: { fileName: 'build/mutate/last.json' },
  logLevel: 'error',
  allowConsoleColors: false,
  tempDirName: 'build/stryker',
  ignorePatterns: ['bench/results', 'build/mutate', 'build/node_modules', 'dist', 'docs', 'runs'],
  disableTypeChecks: false,
  checkers: [],
});

async function mutate(file) {
  const { Stryker } = await import('@stryker-mutator/core');
  process.env['SAMEBITS_MUTATE_TESTS'] = JSON.stringify(testsOf(file));
  await new Stryker(options(file)).runMutationTest();
}

const found = (file) => (existsSync(resultFile(file)) ? JSON.parse(readFileSync(resultFile(file), 'utf8')) : undefined);

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      room: { type: 'string', multiple: true },
      file: { type: 'string', multiple: true },
      report: { type: 'boolean', default: false },
    },
  });
  const unknown = (values.room ?? []).find((room) => !Object.hasOwn(rooms, room));
  if (unknown !== undefined) {
    console.error(`mutate: expected --room to be one of ${Object.keys(rooms).join(', ')}, got '${unknown}'`);
    return 2;
  }
  const files = values.file ?? (values.room ?? Object.keys(rooms)).flatMap(filesOf);
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  mkdirSync(kept, { recursive: true });
  for (const file of values.report ? [] : files) {
    await mutate(file);
    const result = found(file);
    if (result !== undefined) console.log(lines(file, result, { survivors: false }).join('\n'));
  }
  const results = files.map((file) => [file, found(file)]);
  for (const [file, result] of results) {
    if (result !== undefined && values.report) console.log(lines(file, result, { survivors: true }).join('\n'));
  }
  console.log(table(results).join('\n'));
  return 0;
}

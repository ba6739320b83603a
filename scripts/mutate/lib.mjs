// The lib part: Stryker over the rooms of lib that decide results, some files at a time, so that a run that is stopped
// goes on with the files it was at. What was found is kept in build/mutate/lib and asked again only where the
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
const kLines = 400;

/** The source files of a room; an index that only hands names on has nothing to mutate, which Stryker finds out. */
const filesOf = (room) =>
  readdirSync(path.join(root, 'lib', room), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => `lib/${room}/${name}`);

/** What was found in a room, also in its files that a run leaves out: Stryker keeps those. */
const resultFile = (room) => path.join(kept, `${room}.json`);

const roomOf = (file) => file.split('/')[1];

/** Files that one run of Stryker takes: each begins with copying and bundling, and each that ends is not asked again. */
function groupsOf(files) {
  const groups = [];
  let lines = kLines;
  for (const file of files) {
    const more = readFileSync(path.join(root, file), 'utf8').split('\n').length;
    if (lines + more > kLines || roomOf(file) !== roomOf(groups.at(-1)[0])) {
      groups.push([]);
      lines = 0;
    }
    groups.at(-1).push(file);
    lines += more;
  }
  return groups;
}

const options = (files) => ({
  packageManager: 'npm',
  plugins: ['runner.mjs', 'wording.mjs'].map((name) => path.join(root, 'scripts/mutate', name)),
  ignorers: ['wording'],
  mutate: files,
  testRunner: 'in-process',
  // A process keeps every module it ever loaded.
  maxTestRunnerReuse: 300,
  coverageAnalysis: 'perTest',
  incremental: true,
  incrementalFile: resultFile(roomOf(files[0])),
  concurrency: 1,
  // Far above what a test takes: a busy machine is no proof of an endless loop.
  timeoutMS: 10_000,
  timeoutFactor: 4,
  reporters: ['json'],
  jsonReporter: { fileName: 'build/mutate/last.json' },
  logLevel: 'error',
  allowConsoleColors: false,
  tempDirName: 'build/stryker',
  ignorePatterns: ['bench/results', 'build/mutate', 'build/node_modules', 'dist', 'docs', '/runs'],
  disableTypeChecks: false,
  checkers: [],
});

async function mutate(files) {
  const { Stryker } = await import('@stryker-mutator/core');
  process.env['SAMEBITS_MUTATE_TESTS'] = JSON.stringify(testsOf(files[0]));
  await new Stryker(options(files)).runMutationTest();
}

/** From the files of a room to what was found in each. */
function found(room) {
  const file = resultFile(room);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).files : {};
}

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
  const failed = [];
  for (const group of values.report ? [] : groupsOf(files)) {
    try {
      await mutate(group);
    } catch (error) {
      console.error(`mutate: ${group.join(', ')}: ${error.message}`);
      failed.push(...group);
      continue;
    }
    print(group, false);
  }
  if (values.report) print(files, true);
  console.log(table(files.map((file) => [file, found(roomOf(file))[file]])).join('\n'));
  return failed.length === 0 ? 0 : 1;
}

function print(files, survivors) {
  for (const file of files) {
    const result = found(roomOf(file))[file];
    if (result !== undefined) console.log(lines(file, result, { survivors }).join('\n'));
  }
}

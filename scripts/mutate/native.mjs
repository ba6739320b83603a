// The native part: the mutants of scripts/mutate/native, one at a time in a copy of the tree: built at -O1 with few
// instruction sets, then the conformance program on small and on all cases, then the tests of the room (native_tests.mjs).
//   npm run mutate -- native [--only PATTERN] [--sample N] [--jobs N] [--results FILE] [--replays] [--again]
// Every mutant is one line as it ends, here and, as JSON, in the results; a run that was stopped goes on behind them. --only:
// those whose room, file or words match. --sample: so many of these, by their hashes, which know nothing of what a mutant
// is. --replays: the conformance program alone, which sees most of them in seconds; what it does not see is left for a run
// without this. --again: those that survived once more, after a test was added.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { idOf, readList, readSource } from './native_list.mjs';
import { summary } from './native_summary.mjs';
import { start, Tree } from './native_tree.mjs';
import { Worker } from './native_worker.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const kept = path.join(root, 'build/mutate/native');
const kSmall = 20_000; // values of a small case's inputs

function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      jobs: { type: 'string', default: '1' },
      results: { type: 'string', default: path.join(kept, 'results.jsonl') },
      sample: { type: 'string' },
      replays: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
    },
  });
  const [jobs, sample] = ['jobs', 'sample'].map((name) => {
    const number = values[name] === undefined ? Number.POSITIVE_INFINITY : Number(values[name]);
    if ((Number.isInteger(number) && number >= 1) || values[name] === undefined) return number;
    throw new Error(`mutate native: expected --${name} to be an integer >= 1, got ${values[name]}`);
  });
  return { ...values, jobs, sample, only: new RegExp(values.only) };
}

/** So many of the mutants, in their order: those with the lowest hashes, a draw that is the same every time. */
function sampleOf(mutants, count) {
  const last = [...mutants].map(({ id }) => id).sort()[Math.min(count, mutants.length) - 1];
  return mutants.filter(({ id }) => id <= last);
}

/** What earlier runs found, by mutant; the last word counts. A line that was cut off is none. */
function readResults(file) {
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'));
  return new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.id, result]));
}

/** Files of cases, written by the library of this checkout as it is: an addon of before would write other results. */
async function exportCases() {
  const made = await start(process.execPath, ['scripts/setup.mjs'], { cwd: root });
  if (made.status !== 0) throw new Error(`mutate native: expected the addon to build, got ${made.output.slice(-2000)}`);
  const script = path.join(root, 'test/conformance/export_cases.ts');
  const hooks = path.join(root, 'test/support/typescript_hooks.mjs');
  const write = async (name, most) => {
    const file = path.join(kept, name);
    const { status, output } = await start(process.execPath, ['--import', hooks, script, file, ...most], { cwd: root });
    if (status !== 0) throw new Error(`mutate native: expected cases to be written, got ${output.slice(-2000)}`);
    return file;
  };
  return { small: await write('cases.small', [String(kSmall)]), all: await write('cases.all', []) };
}

export async function main(args) {
  try {
    return await run(readOptions(args));
  } catch (error) {
    console.error(error.message);
    return 2;
  }
}

async function run(options) {
  const list = (await readList()).map((mutant) => ({ ...mutant, id: idOf(mutant, readSource(mutant.file)) }));
  const results = readResults(options.results);
  const matching = list.filter(({ room, file, why }) => options.only.test(`${room} ${file} ${why}`));
  const wanted = options.sample < matching.length ? sampleOf(matching, options.sample) : matching;
  const left = wanted.filter(({ id, equivalent }) => {
    const known = results.get(id)?.outcome;
    const due =
      known === undefined || (known === 'left' && !options.replays) || (known === 'survived' && options.again);
    return equivalent === undefined && due;
  });
  console.log(`${list.length} mutants, ${wanted.length} wanted, ${left.length} to try`);
  if (left.length > 0) {
    mkdirSync(kept, { recursive: true });
    mkdirSync(path.dirname(options.results), { recursive: true });
    const cases = await exportCases();
    const work = async (job) => {
      const tree = new Tree(root, path.join(kept, `tree${job}`));
      await tree.prepare();
      const worker = new Worker(tree, cases, options.replays);
      for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
        const begin = Date.now();
        const { id, room, file, why } = mutant;
        const tried = await worker.try(mutant);
        const result = { id, room, file, why, ...tried, seconds: Math.round((Date.now() - begin) / 1000) };
        results.set(id, result);
        appendFileSync(options.results, `${JSON.stringify(result)}\n`);
        console.log(`${result.outcome} (${result.seconds} s) ${file}: ${why}${result.by ? ` [${result.by}]` : ''}`);
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, (_, job) => work(job)));
  }
  console.log(summary(wanted, results).join('\n'));
  return 0;
}

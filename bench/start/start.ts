/**
 * What does a start cost? A process that imports the package, and the command line's shortest answers, turn by turn beside a
 * process that does nothing. Processor time is what counts: it hardly depends on what else the machine does.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ArgumentError } from '../../lib/errors/index.js';
import type { BenchOptions } from '../options.js';
import { digits, milliseconds, textTable } from '../page.js';
import { spread } from '../statistics.js';

export interface StartRow {
  /** What the process does. */
  name: string;
  /** Processor seconds of each process, its own and the system's for it; all rows take turns. */
  processor: number[];
  /** Seconds of each process from its start to its end. */
  wall: number[];
}

/** Says at its end what processor time it took, in microseconds. */
const code = `import { writeSync } from 'node:fs';
process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(2, 'processor ' + (user + system)); });`;
const meter = `data:text/javascript,${encodeURIComponent(code)}`;

/** What each process is given behind `node`, from the folder of the package. */
const starts = (root: string): Record<string, string[]> => {
  const main = path.join(root, 'dist/cli/main.js');
  const library = pathToFileURL(path.join(root, 'dist/index.js')).href;
  return {
    nothing: ['--input-type=module', '-e', ''],
    "import 'samebits'": ['--input-type=module', '-e', `await import('${library}')`],
    'samebits --version': [main, '--version'],
    'samebits --help': [main, '--help'],
    'samebits train --help': [main, 'train', '--help'],
  };
};

/** Runs one process. Throws ArgumentError when it fails. */
function time(name: string, args: readonly string[]): { processor: number; wall: number } {
  const began = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ['--import', meter, ...args], { encoding: 'utf8' });
  const wall = Number(process.hrtime.bigint() - began) * 1e-9;
  const micros = /processor (\d+)$/.exec(stderr)?.[1];
  if (status === 0 && micros !== undefined) return { processor: Number(micros) * 1e-6, wall };
  throw new ArgumentError({ who: 'bench', expected: `${name} to work`, got: stderr.trim() });
}

/** Measures each start, turn by turn; `root` is the folder of the package. */
export function benchStart(
  { quick, only }: Pick<BenchOptions, 'quick' | 'only'>,
  root: string,
  progress: (text: string) => void,
): StartRow[] {
  const turns = quick ? 5 : 21;
  const all = Object.entries(starts(root)).filter(([name]) => name === 'nothing' || name.includes(only));
  const rows = all.map(([name]): StartRow => ({ name, processor: [], wall: [] }));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const i of all.keys()) {
      const at = (turn + i) % all.length;
      const [name, args] = all[at]!;
      progress(`${name}, turn ${turn + 1} of ${turns}`);
      const { processor, wall } = time(name, args);
      rows[at]!.processor.push(processor);
      rows[at]!.wall.push(wall);
    }
  }
  return rows;
}

/** Least and median times of each start, and what the median is above doing nothing. */
export function startPage(rows: readonly StartRow[]): string {
  const idle = spread(rows.find(({ name }) => name === 'nothing')!.processor).median;
  const head = ['process', 'processor ms: least', 'median', 'above nothing', 'wall ms: least', 'median'];
  const lines = rows.map(({ name, processor, wall }) => {
    const [cpu, all] = [spread(processor), spread(wall)];
    const times = [cpu.min, cpu.median].map(milliseconds);
    return [
      name,
      ...times,
      digits(1e3 * Math.max(0, cpu.median - idle)),
      milliseconds(all.min),
      milliseconds(all.median),
    ];
  });
  return textTable(head, lines);
}

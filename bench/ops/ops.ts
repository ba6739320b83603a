/** How fast is each kernel, and how near to what the machine can do? One row per case, kernel, target and threads. */
import { type Isa, type Mode, modes, Runtime } from '../../lib/runtime/index.js';
import { benchCases, recordCase } from '../cases.js';
import { type Probed, roofs } from '../machine.js';
import { timeCalls } from '../measure.js';
import type { BenchOptions } from '../options.js';
import { digits, milliseconds, percent, spreadPercent, textTable } from '../page.js';
import { geometricMean, spread } from '../statistics.js';
import { type RoofShare, roofShare, type Work, workOf } from '../work.js';

export interface OpRow extends Work {
  case: string;
  kernel: string;
  isa: Isa;
  mode: Mode;
  threads: number;
  /** Seconds per call of every sample. */
  seconds: readonly number[];
}

export async function benchOps(options: BenchOptions, progress: (text: string) => void): Promise<OpRow[]> {
  const limits = options.quick ? { maxSeconds: 0.3, minSamples: 5 } : { maxSeconds: 1, minSamples: 10 };
  const cases = await benchCases(options.only);
  const rows: OpRow[] = [];
  for (const isa of options.isas) {
    for (const threads of options.threads) {
      for (const mode of modes) {
        using runtime = new Runtime({ isa, mode, threads });
        for (const one of cases) {
          const { calls, release } = recordCase(runtime, one);
          for (const call of calls) {
            progress(`${runtime.target} ${threads}T ${call.kernel} ${one.name}`);
            const seconds = timeCalls(call.again, limits);
            rows.push({ case: one.name, kernel: call.kernel, isa, mode, threads, ...workOf(call), seconds });
          }
          release();
        }
      }
    }
  }
  return rows;
}

/** The share of the lower roof that a row reaches, by its median time. */
export function shareOf(row: OpRow, peaks: Probed): RoofShare {
  return roofShare(row, roofs(peaks, row.isa, row.threads), spread(row.seconds).median);
}

export function opsPage(rows: readonly OpRow[], peaks: Probed): string {
  const head = ['kernel', 'case', 'target', 'threads', 'ms', 'spread', 'GFLOP/s', 'GB/s', 'of roof', 'bound by'];
  const lines = rows.map((row) => {
    const times = spread(row.seconds);
    const { share, bound } = shareOf(row, peaks);
    const rate = (amount: number) => (amount === 0 ? '-' : digits((amount * 1e-9) / times.median));
    return [
      row.kernel,
      row.case,
      `${row.isa}/${row.mode}`,
      String(row.threads),
      milliseconds(times.median),
      spreadPercent(times),
      rate(row.flops),
      rate(row.bytes),
      percent(share),
      bound,
    ];
  });
  return `${textTable(head, lines)}\n\n${summaryTable(rows, peaks)}`;
}

/** How near to the roofs the kernels of each target are on the whole. */
function summaryTable(rows: readonly OpRow[], peaks: Probed): string {
  const nameOf = ({ isa, mode, threads }: OpRow) => `${isa}/${mode} ${threads}`;
  const lines = [...new Set(rows.map(nameOf))].map((name) => {
    const shares = rows.filter((row) => nameOf(row) === name).map((row) => shareOf(row, peaks));
    const mean = (bound: RoofShare['bound']) => {
      const list = shares.filter((one) => one.bound === bound).map(({ share }) => share);
      return list.length === 0 ? '-' : percent(geometricMean(list));
    };
    return [...name.split(' '), mean('arithmetic'), mean('memory')];
  });
  return textTable(['geometric mean of', 'threads', 'arithmetic-bound', 'memory-bound'], lines);
}

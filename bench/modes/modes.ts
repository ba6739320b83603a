/** What does determinism cost? Each kernel in both modes, turn by turn in one process; ratios with intervals. */
import { Words } from '../../lib/random/index.js';
import { type Isa, Runtime } from '../../lib/runtime/index.js';
import { benchCases, recordCase } from '../cases.js';
import { timeInTurn } from '../measure.js';
import type { BenchOptions } from '../options.js';
import { milliseconds, ratioText, textTable } from '../page.js';
import { spread, turnRatio } from '../statistics.js';

export interface ModeRow {
  case: string;
  kernel: string;
  isa: Isa;
  threads: number;
  /** Seconds per call, turn by turn: the same index of both was measured one after the other. */
  deterministic: readonly number[];
  atomic: readonly number[];
}

export async function benchModes(options: BenchOptions, progress: (text: string) => void): Promise<ModeRow[]> {
  const limits = options.quick ? { turns: 10, sampleSeconds: 0.01 } : { turns: 30, sampleSeconds: 0.02 };
  const cases = await benchCases(options.only);
  const rows: ModeRow[] = [];
  for (const isa of options.isas) {
    for (const threads of options.threads) {
      using ordered = new Runtime({ isa, mode: 'deterministic', threads });
      using atomic = new Runtime({ isa, mode: 'atomic', threads });
      for (const one of cases) {
        const first = recordCase(ordered, one);
        const second = recordCase(atomic, one);
        first.calls.forEach(({ kernel, again }, i) => {
          progress(`${isa} ${threads}T ${kernel} ${one.name}`);
          const [a, b] = timeInTurn([again, second.calls[i]!.again], limits);
          rows.push({ case: one.name, kernel, isa, threads, deterministic: a, atomic: b });
        });
        first.release();
        second.release();
      }
    }
  }
  return rows;
}

/** Resampling draws from the library's own generator, so that a result file always gives the same intervals. */
export function drawer(): (below: number) => number {
  const words = new Words({ seed: 1001, stream: 0, step: 0 });
  return (below) => words.below(below);
}

export function modesPage(rows: readonly ModeRow[]): string {
  const draw = drawer();
  const head = ['kernel', 'case', 'isa', 'threads', 'deterministic ms', 'atomic ms', 'ratio [95 % interval]'];
  const lines = rows.map((row) => [
    row.kernel,
    row.case,
    row.isa,
    String(row.threads),
    milliseconds(spread(row.deterministic).median),
    milliseconds(spread(row.atomic).median),
    ratioText(turnRatio(row.deterministic, row.atomic, { draw })),
  ]);
  return textTable(head, lines);
}

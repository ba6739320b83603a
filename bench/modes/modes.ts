/**
 * What does determinism cost? Each kernel, and the training step of each network, in both modes, turn by turn in one
 * process; ratios with intervals.
 */
import { NativeError } from '../../lib/errors/index.js';
import { type Isa, Runtime } from '../../lib/runtime/index.js';
import { type BenchCase, benchCases, recordCase } from '../cases.js';
import { type TurnLimits, timeInTurn } from '../measure.js';
import { type NetworkName, networkNames, Training, trainingSize } from '../models/network.js';
import type { BenchOptions } from '../options.js';
import { milliseconds, ratioText, textTable } from '../page.js';
import { callKey } from '../recorder.js';
import { drawer, spread, turnRatio } from '../statistics.js';

export interface ModeRow {
  case: string;
  kernel: string;
  isa: Isa;
  threads: number;
  /** Seconds per call, turn by turn: the same index of both was measured one after the other. */
  deterministic: readonly number[];
  atomic: readonly number[];
}

/** Two runtimes that differ in their mode only. */
interface Pair {
  isa: Isa;
  threads: number;
  ordered: Runtime;
  atomic: Runtime;
}

export async function benchModes(options: BenchOptions, progress: (text: string) => void): Promise<ModeRow[]> {
  const limits = options.quick ? { turns: 10, sampleSeconds: 0.01 } : { turns: 30, sampleSeconds: 0.02 };
  const cases = await benchCases(options.only);
  const networks = networkNames.filter((name) => name.includes(options.only));
  const rows: ModeRow[] = [];
  for (const isa of options.isas) {
    for (const threads of options.threads) {
      using ordered = new Runtime({ isa, mode: 'deterministic', threads });
      using atomic = new Runtime({ isa, mode: 'atomic', threads });
      const pair = { isa, threads, ordered, atomic };
      const about = (text: string) => progress(`${isa} ${threads}T ${text}`);
      for (const one of cases) rows.push(...kernelRows(pair, one, limits, about));
      for (const name of networks) {
        about(`${name} training step`);
        rows.push(stepRow(pair, name, { ...limits, turns: options.quick ? 5 : 20 }));
      }
    }
  }
  return rows;
}

function kernelRows(
  { isa, threads, ordered, atomic }: Pair,
  one: BenchCase,
  limits: TurnLimits,
  about: (text: string) => void,
): ModeRow[] {
  const first = recordCase(ordered, one);
  const second = recordCase(atomic, one);
  try {
    const others = new Map(second.calls.map((call) => [callKey(call), call]));
    return first.calls.map((call) => {
      about(`${call.kernel} ${one.name}`);
      const other = others.get(callKey(call));
      if (other === undefined) {
        const expected = `${call.kernel} to be called in both modes`;
        throw new NativeError({ who: 'bench', expected, got: `none in atomic mode (${one.op}, ${one.name})` });
      }
      const [a, b] = timeInTurn([call.again, other.again], limits);
      return { case: one.name, kernel: call.kernel, isa, threads, deterministic: a, atomic: b };
    });
  } finally {
    first.release();
    second.release();
  }
}

function stepRow({ isa, threads, ordered, atomic }: Pair, name: NetworkName, limits: TurnLimits): ModeRow {
  using first = new Training(ordered, name, { ...trainingSize, augmentation: true });
  using second = new Training(atomic, name, { ...trainingSize, augmentation: true });
  const [a, b] = timeInTurn([() => void first.step(), () => void second.step()], limits);
  return { case: name, kernel: 'training step', isa, threads, deterministic: a, atomic: b };
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

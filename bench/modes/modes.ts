/**
 * What does determinism cost? Each kernel, and the training step of each network, in both modes, turn by turn in one
 * process; ratios with intervals.
 */
import { NativeError } from '../../lib/errors/index.js';
import { type Isa, type Mode, Runtime } from '../../lib/runtime/index.js';
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

/** What two runtimes share that differ in their mode only. */
interface Hardware {
  isa: Isa;
  threads: number;
}

/**
 * How often both modes get memory anew, in turn the one and the other first: by where its pages lie alone, a kernel takes up
 * to a tenth longer.
 */
const placements = 4;

export async function benchModes(options: BenchOptions, progress: (text: string) => void): Promise<ModeRow[]> {
  const limits = options.quick ? { turns: 3, sampleSeconds: 0.01 } : { turns: 8, sampleSeconds: 0.02 };
  const cases = await benchCases(options.only);
  const networks = networkNames.filter((name) => name.includes(options.only));
  const rows: ModeRow[] = [];
  for (const isa of options.isas) {
    for (const threads of options.threads) {
      const hardware = { isa, threads };
      const about = (text: string) => progress(`${isa} ${threads}T ${text}`);
      for (const one of cases) rows.push(...kernelRows(hardware, one, limits, about));
      for (const name of networks) {
        about(`${name} training step`);
        rows.push(stepRow(hardware, name, { ...limits, turns: options.quick ? 5 : 20 }));
      }
    }
  }
  return rows;
}

/** `turns` turns in each of the placements. */
function kernelRows(hardware: Hardware, one: BenchCase, limits: TurnLimits, about: (text: string) => void): ModeRow[] {
  const rows = new Map<string, ModeRow>();
  for (let placement = 0; placement < placements; placement += 1) {
    const order: Mode[] = placement % 2 === 0 ? ['deterministic', 'atomic'] : ['atomic', 'deterministic'];
    const made = order.map((mode) => {
      const runtime = new Runtime({ ...hardware, mode });
      return { mode, runtime, recorded: recordCase(runtime, one) };
    });
    const callsOf = (mode: Mode) => made.find((each) => each.mode === mode)!.recorded.calls;
    const others = new Map(callsOf('atomic').map((call) => [callKey(call), call]));
    for (const call of callsOf('deterministic')) {
      about(`${call.kernel} ${one.name}, placement ${placement + 1} of ${placements}`);
      const key = callKey(call);
      const other = others.get(key);
      if (other === undefined) {
        const expected = `${call.kernel} to be called in both modes`;
        throw new NativeError({ who: 'bench', expected, got: `none in atomic mode (${one.op}, ${one.name})` });
      }
      const [a, b] = timeInTurn([call.again, other.again], limits);
      const { deterministic = [], atomic: before = [] } = rows.get(key) ?? {};
      const times = { deterministic: [...deterministic, ...a], atomic: [...before, ...b] };
      rows.set(key, { case: one.name, kernel: call.kernel, ...hardware, ...times });
    }
    for (const { runtime, recorded } of made) {
      recorded.release();
      runtime.dispose();
    }
  }
  return [...rows.values()];
}

function stepRow(hardware: Hardware, name: NetworkName, limits: TurnLimits): ModeRow {
  using ordered = new Runtime({ ...hardware, mode: 'deterministic' });
  using atomic = new Runtime({ ...hardware, mode: 'atomic' });
  using first = new Training(ordered, name, { ...trainingSize, augmentation: true });
  using second = new Training(atomic, name, { ...trainingSize, augmentation: true });
  const [a, b] = timeInTurn([() => void first.step(), () => void second.step()], limits);
  return { case: name, kernel: 'training step', ...hardware, deterministic: a, atomic: b };
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

/**
 * What does a trace cost? The training step of the paper's two networks as `samebits train` takes it, without a trace and
 * with each of its levels, turn by turn; ratios with intervals. The fastest kernels on most threads only: against them a
 * trace costs most.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Isa } from '../../lib/runtime/index.js';
import type { TrainOptions } from '../../lib/settings/index.js';
import { type TraceLevel, traceLevels } from '../../lib/trace/index.js';
import { train } from '../../lib/training/index.js';
import { type NetworkName, trainingSize } from '../models/network.js';
import type { BenchOptions } from '../options.js';
import { milliseconds, ratioText, textTable } from '../page.js';
import { drawer, spread, turnRatio } from '../statistics.js';

export const tracings = ['off', ...traceLevels] as const;
export type TracingLevel = (typeof tracings)[number];

export interface TraceRow {
  model: NetworkName;
  isa: Isa;
  threads: number;
  /** By level, the median step of each turn in seconds; the same index of all was measured in the same turn. */
  seconds: Record<TracingLevel, number[]>;
}

const paperNetworks = ['keras_convnet', 'mini_xception'] as const satisfies readonly NetworkName[];

/** Steps of a training whose times are kept, after those it warms up with. */
const steps = { warm: 2, kept: 4 };

/** Seconds of one step of a training: the median of a few. */
async function stepSeconds(options: TrainOptions, level: TracingLevel): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-bench-'));
  try {
    const trace = level === 'off' ? {} : { trace: level satisfies TraceLevel };
    const { stepSeconds: all } = await train({ ...options, ...trace, out: path.join(folder, 'run') });
    return spread(all.slice(steps.warm)).median;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Measures every level of every network; the level that goes first changes from turn to turn. */
export async function benchTrace(options: BenchOptions, progress: (text: string) => void): Promise<TraceRow[]> {
  const turns = options.quick ? 3 : 10;
  const { batch, size } = trainingSize;
  const rows: TraceRow[] = [];
  const isa = options.isas.at(-1)!;
  const threads = Math.max(...options.threads);
  for (const model of paperNetworks.filter((name) => name.includes(options.only))) {
    const row: TraceRow = { model, isa, threads, seconds: { off: [], weights: [], steps: [], ops: [] } };
    const training: TrainOptions = {
      ...{ model, data: 'synthetic', imageSize: size, batchSize: batch, samples: batch * (steps.warm + steps.kept) },
      ...{ epochs: 1, seed: 1001, device: 'cpu', isa, mode: 'deterministic', threads, damaged: 'refuse' },
    };
    for (let turn = 0; turn < turns; turn += 1) {
      for (const i of tracings.keys()) {
        const level = tracings[(turn + i) % tracings.length]!;
        progress(`${model} ${isa} ${threads}T trace ${level}, turn ${turn + 1} of ${turns}`);
        row.seconds[level].push(await stepSeconds(training, level));
      }
    }
    rows.push(row);
  }
  return rows;
}

export function tracePage(rows: readonly TraceRow[]): string {
  const draw = drawer();
  const head = ['network', 'isa', 'threads', 'trace', 'step ms', 'ratio to none [95 % interval]'];
  const lines = rows.flatMap(({ model, isa, threads, seconds }) =>
    tracings.map((level) => [
      ...[model, isa, String(threads), level, milliseconds(spread(seconds[level]).median)],
      level === 'off' ? '' : ratioText(turnRatio(seconds[level], seconds.off, { draw })),
    ]),
  );
  return textTable(head, lines);
}

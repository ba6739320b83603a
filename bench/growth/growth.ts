/** How does the cost of a training step grow with the batch, the pictures' side and the threads? One axis at a time. */
import { type Isa, type Mode, modes } from '../../lib/runtime/index.js';
import { ownStep } from '../models/models.js';
import { type NetworkName, networkNames, trainingSize } from '../models/network.js';
import { StepProcess } from '../models/step_process.js';
import type { BenchOptions } from '../options.js';
import { digits, milliseconds, spreadPercent, textTable } from '../page.js';
import { spread } from '../statistics.js';

/** What is varied; the rest stays at the paper's batch and side and at the most threads. */
export type GrowthAxis = 'batch' | 'size' | 'threads';

export interface GrowthRow {
  model: NetworkName;
  mode: Mode;
  isa: Isa;
  axis: GrowthAxis;
  batch: number;
  size: number;
  threads: number;
  seconds: number[];
  peakMemoryMiB: number;
}

type Point = Pick<GrowthRow, 'axis' | 'batch' | 'size' | 'threads'>;

/** The places of each axis at which steps are timed. */
export function growthPoints(threads: readonly number[], quick: boolean): Point[] {
  const usual = { ...trainingSize, threads: threads.at(-1)! };
  const batches = quick ? [8, 32] : [4, 8, 16, 32, 48];
  const sizes = quick ? [90, 180] : [60, 90, 120, 150, 180, 210];
  return [
    ...batches.map((batch) => ({ ...usual, axis: 'batch' as const, batch })),
    ...sizes.map((size) => ({ ...usual, axis: 'size' as const, size })),
    ...threads.map((count) => ({ ...usual, axis: 'threads' as const, threads: count })),
  ];
}

/** Both modes take turns at every point, each in a process of its own. */
export async function benchGrowth(options: BenchOptions, progress: (text: string) => void): Promise<GrowthRow[]> {
  const isa = options.isas.at(-1)!;
  const rows: GrowthRow[] = [];
  for (const model of networkNames.filter((name) => name !== 'mini_xception_conv' && name.includes(options.only))) {
    for (const point of growthPoints(options.threads, options.quick)) {
      progress(`${model}: ${point.axis} ${point[point.axis]}`);
      rows.push(...(await measure(model, isa, point, options.quick ? 3 : 7)));
    }
  }
  return rows;
}

async function measure(model: NetworkName, isa: Isa, point: Point, turns: number): Promise<GrowthRow[]> {
  const running = modes.map((mode) => {
    const { batch, size, threads } = point;
    const { command, args } = ownStep({ model, isa, mode, threads, batch, size, augmentation: false });
    const row: GrowthRow = { model, mode, isa, ...point, seconds: [], peakMemoryMiB: 0 };
    return { row, training: new StepProcess(`${model} in ${mode} mode`, command, args) };
  });
  try {
    for (const { training } of running) {
      await training.ready();
      await training.step();
      await training.step();
    }
    for (let turn = 0; turn < turns; turn += 1) {
      for (const { row, training } of turn % 2 === 0 ? running : running.toReversed()) {
        const { seconds, peakMemoryMiB } = await training.step();
        row.seconds.push(seconds);
        row.peakMemoryMiB = peakMemoryMiB;
      }
    }
    return running.map(({ row }) => row);
  } finally {
    await Promise.all(running.map(({ training }) => training.stop()));
  }
}

export function growthPage(rows: readonly GrowthRow[]): string {
  const head = ['model', 'target', 'varied', 'at', 'ms', 'spread', 'pictures/s', 'MiB'];
  const lines = rows.map((row) => {
    const times = spread(row.seconds);
    return [
      row.model,
      `${row.isa}/${row.mode}`,
      row.axis,
      String(row[row.axis]),
      milliseconds(times.median),
      spreadPercent(times),
      digits(row.batch / times.median),
      digits(row.peakMemoryMiB),
    ];
  });
  return textTable(head, lines);
}

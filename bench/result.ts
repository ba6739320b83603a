/** The raw data of one bench run, as JSON: everything that was measured, nothing that can be computed from it again. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GrowthRow } from './growth/growth.js';
import type { Machine, Probed } from './machine.js';
import type { ModelRow } from './models/models.js';
import type { ModeRow } from './modes/modes.js';
import type { OpRow } from './ops/ops.js';
import type { BenchOptions } from './options.js';
import type { ReadingRow } from './reading/reading.js';
import type { StartRow } from './start/start.js';
import type { StudyRow } from './study/study.js';
import type { TraceRow } from './trace/trace.js';

export interface BenchResult {
  /** Version of this layout. */
  format: 2;
  startedAt: string;
  machine: Machine;
  /** Without the folder that the file was written in: that is the business of one machine. */
  options: Omit<BenchOptions, 'out'>;
  peaks: Probed;
  ops: OpRow[];
  modes: ModeRow[];
  models: ModelRow[];
  networks: ModelRow[];
  growth: GrowthRow[];
  trace: TraceRow[];
  start: StartRow[];
  reading: ReadingRow[];
  study: StudyRow | null;
  /** One-minute load average after the bench. */
  loadAfter: number;
}

/** `2026-01-31-amd-epyc-7b13.json` */
export function fileName(startedAt: string, cpu: string): string {
  const slug = cpu
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${startedAt.slice(0, 10)}-${slug || 'unknown'}.json`;
}

/** Writes a file whole or not at all. */
function writeWhole(file: string, text: string): string {
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
  return file;
}

/** Writes the plot of growth beside the result, and returns the file. */
export function writePlot(
  { startedAt, machine }: Pick<BenchResult, 'startedAt' | 'machine'>,
  svg: string,
  folder: string,
) {
  mkdirSync(folder, { recursive: true });
  return writeWhole(path.join(folder, fileName(startedAt, machine.cpu).replace(/\.json$/, '-growth.svg')), svg);
}

/** Writes the result into `folder`, whole or not at all, and returns the file. */
export function writeResult(result: BenchResult, folder: string): string {
  mkdirSync(folder, { recursive: true });
  return writeWhole(path.join(folder, fileName(result.startedAt, result.machine.cpu)), `${JSON.stringify(result)}\n`);
}

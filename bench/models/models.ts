/**
 * How long is a training step? Ours on every target and PyTorch, each in a process of its own, turn by turn in one run;
 * peak memory of each process; where the time of our steps goes.
 */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { modes } from '../../lib/runtime/index.js';
import type { Machine } from '../machine.js';
import type { BenchOptions } from '../options.js';
import type { TimedWork } from '../recorder.js';
import { type NetworkName, networkNames, trainingSize } from './network.js';
import { StepProcess } from './step_process.js';
import type { Torch } from './torch.js';

export interface ModelRow {
  model: NetworkName;
  /** `cpu/avx2/deterministic`, or `torch/channels_last`. */
  target: string;
  threads: number;
  /** Whether the step begins with the random maps of the augmentation. PyTorch's never does. */
  augmentation: boolean;
  parameters: number;
  /** Seconds of each step; the same index of every row of a model was measured in the same turn. */
  seconds: number[];
  peakMemoryMiB: number;
  /** Further steps with every kernel call timed; none of peers. */
  profiles: TimedWork[];
}

/** A training to be measured, and how to start its process. */
export interface Entry {
  row: ModelRow;
  command: string;
  args: readonly string[];
}

const peer = 'bench/models/peers/torch_networks.py';
const layouts = ['channels_last', 'contiguous'];
const here = path.dirname(fileURLToPath(import.meta.url));
const sizes = ['--batch', String(trainingSize.batch), '--size', String(trainingSize.size)];

function rowOf(model: NetworkName, target: string, threads: number, augmentation: boolean): ModelRow {
  return { model, target, threads, augmentation, parameters: 0, seconds: [], peakMemoryMiB: 0, profiles: [] };
}

/** Every training of a model: ours by threads, instruction set, mode and augmentation, then the peers. */
export function entries(model: NetworkName, { isas, threads }: Pick<BenchOptions, 'isas' | 'threads'>, torch: Torch) {
  const list: Entry[] = [];
  for (const count of threads) {
    for (const isa of isas) {
      for (const mode of modes) {
        for (const augmentation of mode === 'deterministic' ? [false, true] : [false]) {
          const flags = ['--model', model, '--isa', isa, '--mode', mode, ...(augmentation ? ['--augmentation'] : [])];
          list.push({
            row: rowOf(model, `cpu/${isa}/${mode}`, count, augmentation),
            command: process.execPath,
            args: [path.join(here, 'own_steps.js'), ...flags, '--threads', String(count), ...sizes],
          });
        }
      }
    }
    if ('missing' in torch) continue;
    for (const layout of layouts) {
      list.push({
        row: rowOf(model, `torch/${layout}`, count, false),
        command: torch.python,
        args: [peer, '--model', model, '--threads', String(count), '--layout', layout, ...sizes],
      });
    }
  }
  return list;
}

/** Measures every training of every model: two steps to warm up, then turns of one step each, then profiles. */
export async function benchModels(options: BenchOptions, machine: Machine, progress: (text: string) => void) {
  const counts = options.quick ? { turns: 5, profiles: 1 } : { turns: 15, profiles: 3 };
  const rows: ModelRow[] = [];
  for (const model of networkNames.filter((name) => name.includes(options.only))) {
    rows.push(...(await measure(entries(model, options, machine.torch), counts, progress)));
  }
  return rows;
}

async function measure(
  list: readonly Entry[],
  counts: { turns: number; profiles: number },
  progress: (text: string) => void,
): Promise<ModelRow[]> {
  const running = list.map(({ row, command, args }) => ({
    row,
    training: new StepProcess(`${row.model} on ${row.target} with ${row.threads} threads`, command, args),
  }));
  try {
    for (const { row, training } of running) {
      progress(`${training.label}: first steps`);
      row.parameters = (await training.ready()).parameters;
      await training.step();
      await training.step();
    }
    for (let turn = 0; turn < counts.turns; turn += 1) {
      progress(`${list[0]!.row.model}: turn ${turn + 1} of ${counts.turns}`);
      for (const { row, training } of turn % 2 === 0 ? running : running.toReversed()) {
        // Threads of the process before may still be spinning for work.
        await setTimeout(20);
        const { seconds, peakMemoryMiB } = await training.step();
        row.seconds.push(seconds);
        row.peakMemoryMiB = peakMemoryMiB;
      }
    }
    for (const { row, training } of running.filter(({ row }) => row.target.startsWith('cpu/'))) {
      for (let profile = 0; profile < counts.profiles; profile += 1) row.profiles.push(await training.profile());
    }
    return list.map(({ row }) => row);
  } finally {
    await Promise.all(running.map(({ training }) => training.stop()));
  }
}

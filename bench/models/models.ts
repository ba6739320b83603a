/**
 * How long is a training step? Ours on every target and PyTorch, each in a process of its own, turn by turn in one run;
 * peak memory of each process; where the time of our steps goes.
 */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Isa, type Mode, modes } from '../../lib/runtime/index.js';
import type { Machine } from '../machine.js';
import type { BenchOptions } from '../options.js';
import { type Profile, profileOf, type TimedWork } from '../recorder.js';
import { spread } from '../statistics.js';
import { type NetworkName, networkNames, trainingSize } from './network.js';
import { StepProcess } from './step_process.js';
import { keptMemory, type Torch } from './torch.js';

export interface ModelRow {
  model: string;
  /** `cpu/avx2/deterministic`, `torch/channels_last`, or with kept memory `torch/channels_last/kept`. */
  target: string;
  threads: number;
  /** Whether the step begins with the random maps of the augmentation. PyTorch's never does. */
  augmentation: boolean;
  parameters: number;
  /** Seconds of each step; the same index of every row of a model was measured in the same turn. */
  seconds: number[];
  peakMemoryMiB: number;
  /** Of a peer: the instruction set of the trainings it was measured with, turn by turn. */
  beside?: Isa;
  /**
   * Further steps with their kernel calls timed, the same index of every row in the same turn; of a peer its convolutions
   * and normalizations.
   */
  profile: Profile;
}

/** A training to be measured, and how to start its process. */
export interface Entry {
  row: ModelRow;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

const peer = 'bench/models/peers/torch_networks.py';
const layouts = ['channels_last', 'contiguous'];
const here = path.dirname(fileURLToPath(import.meta.url));
const sizes = ['--batch', String(trainingSize.batch), '--size', String(trainingSize.size)];

export function rowOf(model: string, target: string, threads: number, augmentation: boolean): ModelRow {
  return { model, target, threads, augmentation, parameters: 0, seconds: [], peakMemoryMiB: 0, profile: profileOf([]) };
}

/** What a process of ours is told of its training (own_steps.ts). */
export interface OwnStep {
  model: string;
  isa: Isa;
  mode: Mode;
  threads: number;
  batch: number;
  size: number;
  /** Only for networks that have it. */
  augmentation?: boolean;
  channels?: number;
  classes?: number;
  kind?: 'class' | 'mask';
  /** JSON. */
  'network-options'?: string;
}

/** How to start a process that takes training steps of ours. */
export function ownStep(of: OwnStep) {
  const args = Object.entries(of).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return { command: process.execPath, args: [path.join(here, 'own_steps.js'), ...args] };
}

/** Our trainings of a model on one instruction set, by threads, mode and augmentation. */
export function ownEntries(model: NetworkName, isa: Isa, threads: readonly number[]): Entry[] {
  return threads.flatMap((count) =>
    modes.flatMap((mode) =>
      (mode === 'deterministic' ? [false, true] : [false]).map((augmentation) => {
        const { command, args } = ownStep({ model, isa, mode, threads: count, ...trainingSize, augmentation });
        const row = rowOf(model, `cpu/${isa}/${mode}`, count, augmentation);
        return { row, command, args };
      }),
    ),
  );
}

/** PyTorch's training of a model, as it is installed or with kept memory; none where it is missing. */
export function peerEntry(model: NetworkName, torch: Torch, threads: number, layout: string, kept: boolean): Entry[] {
  if ('missing' in torch) return [];
  const args = [peer, '--model', model, '--threads', String(threads), '--layout', layout, ...sizes];
  const row = rowOf(model, `torch/${layout}${kept ? '/kept' : ''}`, threads, false);
  return [{ row, command: torch.python, args, ...(kept ? { env: keptMemory } : {}) }];
}

/**
 * Measures every training of every model: two steps to warm up, then turns of one step each, then profiles. The peer's
 * faster layout is found first; then each instruction set of ours runs in turn with it, so that no more processes lie in
 * memory at once than are compared. As installed, which is slower, the peer runs with the most threads only.
 */
export async function benchModels(options: BenchOptions, machine: Machine, progress: (text: string) => void) {
  const counts = options.quick ? { turns: 5, profiles: 3 } : { turns: 15, profiles: 9 };
  const { threads, isas } = options;
  const most = Math.max(...threads);
  const rows: ModelRow[] = [];
  for (const model of networkNames.filter((name) => name.includes(options.only))) {
    const kept = (count: number, layout: string) => peerEntry(model, machine.torch, count, layout, true);
    const tried = layouts.flatMap((layout) => kept(most, layout));
    const tries = await measure(tried, { turns: 3, profiles: 0 }, progress);
    const medians = tries.map(({ seconds }) => spread(seconds).median);
    const layout = layouts[Math.max(0, medians.indexOf(Math.min(...medians)))]!;
    for (const isa of isas) {
      const installed = peerEntry(model, machine.torch, most, layout, false);
      const peers = [...installed, ...threads.flatMap((count) => kept(count, layout))];
      const measured = await measure([...ownEntries(model, isa, threads), ...peers], counts, progress);
      rows.push(...measured.map((row) => (row.target.startsWith('torch/') ? { ...row, beside: isa } : row)));
    }
  }
  return rows;
}

/** Times the trainings of `list` turn by turn: two steps to warm up, then `turns` steps of each, then profiles. */
export async function measure(
  list: readonly Entry[],
  counts: { turns: number; profiles: number },
  progress: (text: string) => void,
): Promise<ModelRow[]> {
  const running = list.map(({ row, command, args, env }) => ({
    row,
    training: new StepProcess(`${row.model} on ${row.target} with ${row.threads} threads`, command, args, env),
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
    const profiles = running.map((): TimedWork[] => []);
    for (let turn = 0; turn < counts.profiles; turn += 1) {
      for (const i of turn % 2 === 0 ? running.keys() : [...running.keys()].reverse()) {
        await setTimeout(20);
        profiles[i]!.push(await running[i]!.training.profile());
      }
    }
    for (const [i, { row }] of running.entries()) row.profile = profileOf(profiles[i]!);
    return list.map(({ row }) => row);
  } finally {
    await Promise.all(running.map(({ training }) => training.stop()));
  }
}

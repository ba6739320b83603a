/** The joins of kernels in words: what a task adds in atomic mode, and how deterministic mode joins the same sums. */
import { type Capabilities, capabilities, contractOf, type SumOrder, type TaskPart } from '../../runtime/index.js';

/** The tasks that add to one element, ascending, for a batch of so many samples. */
interface Told {
  tasks: readonly number[];
  samples: number;
}

const range = (what: string, first: number, last: number) =>
  first === last ? `${what} ${first}` : `${what}s ${first} to ${last}`;

/** Samples of a task where each takes a power of two of them; undefined where some added nothing. */
function runOfSamples(task: number, { tasks, samples }: Told): string | undefined {
  let length = 1;
  while (Math.ceil(samples / length) > tasks.length) length *= 2;
  const isWhole = tasks.every((one, i) => one === tasks[0]! + i) && tasks[0]! % tasks.length === 0;
  if (!isWhole || Math.ceil(samples / length) !== tasks.length) return undefined;
  const first = (task % tasks.length) * length;
  return range('sample', first, Math.min(samples, first + length) - 1);
}

function groupOfSamples(task: number, { samples }: Told, most: number): string {
  const groups = Math.min(samples, most);
  const begin = (group: number) => Math.floor((group * samples) / groups);
  return range('sample', begin(task % groups), begin((task % groups) + 1) - 1);
}

const oneSample = (task: number, { tasks, samples }: Told) => (tasks.at(-1)! < samples ? `sample ${task}` : undefined);

/** In words: how deterministic mode joins the sums of a kernel, by the order that its contract states. */
const laws: Record<SumOrder, (lengths: Capabilities['lengths']) => string> = {
  none: () => 'by place, as docs/contract.md says',
  chain: () => 'one chain gathers them, ascending (rule 1)',
  positions: ({ positionChunk }) =>
    `chunks of ${positionChunk} positions of each sample, then the samples, by the join tree (rules 2 and 3)`,
  samples: () => 'the samples by the join tree (rule 3)',
  memory: ({ memoryChunk, memoryLanes }) =>
    `${memoryLanes} lanes of each chunk of ${memoryChunk}, then the chunks, by the join tree (rule 4)`,
  memoryOfSamples: () => 'the values of each sample along memory, then the samples, by the join tree (rules 4 and 3)',
};

/** By what a task adds in atomic mode, where that is told in samples. */
const takers: Partial<Record<TaskPart, (task: number, told: Told, parts: number) => string | undefined>> = {
  sample: oneSample,
  sampleRun: runOfSamples,
  sampleGroup: groupOfSamples,
};

/** How deterministic mode joins the sums of a kernel. */
export const lawOf = (kernel: string): string => laws[contractOf(kernel).order](capabilities().lengths);

/** What a task that adds to an element takes: `samples 8 to 15`; null where it is not told. */
export function taskOf(kernel: string, task: number, told: Told): string | null {
  const { part, parts } = contractOf(kernel);
  return takers[part]?.(task, told, parts) ?? null;
}

/** A bit of a float32 in words. */
export function bitName(bit: number): string {
  if (bit === 31) return 'the sign';
  return bit >= 23 ? `bit ${bit - 23} of the exponent` : `bit ${bit} of the mantissa`;
}

/** The joins of kernels in words: what a task adds in atomic mode, and how deterministic mode joins the same sums. */

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

function quarterOfSamples(task: number, { samples }: Told): string {
  const groups = Math.min(samples, 4);
  const begin = (group: number) => Math.floor((group * samples) / groups);
  return range('sample', begin(task % groups), begin((task % groups) + 1) - 1);
}

const oneSample = (task: number, { tasks, samples }: Told) => (tasks.at(-1)! < samples ? `sample ${task}` : undefined);

const positions = 'chunks of 256 positions of each sample, then the samples, by the join tree (rules 2 and 3)';
const samples = 'the samples by the join tree (rule 3)';
const chain = 'one chain gathers them, ascending (rule 1)';

/** By kernel: the order of deterministic mode (docs/contract.md), and what a task adds in atomic mode. */
const kernels: Record<string, { law: string; task?: (task: number, told: Told) => string | undefined }> = {
  'conv2d.weightGradient': { law: positions, task: runOfSamples },
  'conv2d.biasGradient': { law: positions, task: runOfSamples },
  'depthwise_conv2d.weightGradient': { law: positions, task: oneSample },
  'dense.weightGradient': { law: samples, task: quarterOfSamples },
  'dense.biasGradient': { law: samples, task: quarterOfSamples },
  'conv2d.inputGradient': { law: chain },
  'dense.inputGradient': { law: chain },
  'average_pool2d.inputGradient': { law: chain },
  'max_pool2d.inputGradient': { law: chain },
  'image_transform.inputGradient': { law: chain },
  'resize_bilinear.inputGradient': { law: chain },
  'batch_norm.statistics': { law: positions },
  'batch_norm.parameterGradient': { law: positions },
  'binary_crossentropy.forward': { law: samples, task: oneSample },
  'categorical_crossentropy.forward': { law: samples, task: oneSample },
  'reduce.forward': { law: '16 lanes of each chunk of 4096, then the chunks, by the join tree (rule 4)' },
};

/** How deterministic mode joins the sums of a kernel. */
export const lawOf = (kernel: string): string => kernels[kernel]?.law ?? 'by place, as docs/contract.md says';

/** What a task that adds to an element takes: `samples 8 to 15`; null where it is not told. */
export const taskOf = (kernel: string, task: number, told: Told): string | null =>
  kernels[kernel]?.task?.(task, told) ?? null;

/** A bit of a float32 in words. */
export function bitName(bit: number): string {
  if (bit === 31) return 'the sign';
  return bit >= 23 ? `bit ${bit - 23} of the exponent` : `bit ${bit} of the mantissa`;
}

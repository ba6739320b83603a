/**
 * batch_norm joins chunks in memory of its own, where no arrival can be watched. What a chunk contributes to a channel
 * follows from what the call read (native/ops/batch_norm/batch_norm.h), and so does the element from an order of chunks;
 * that it is the element of the run is checked.
 */
import { capabilities, contractOf } from '../../runtime/index.js';
import type { StoredTensor } from '../../trace/index.js';
import { fma } from './float32.js';
import { fusedGradient } from './fused.js';
import type { CallElement } from './lone_call.js';
import type { CapturedCall } from './stage.js';

const f32 = Math.fround;

/** A run of consecutive positions of one sample, by its values in one channel. */
interface Chunk {
  sample: number;
  first: number;
  x: Float32Array;
  dy: Float32Array;
}

/** An element that is joined from chunks, in whatever order they arrive. */
export interface ChunkFold {
  chunks: number;
  /** Chunks that a task takes, ascending. */
  chunksOfTask: number;
  task(chunk: number): number;
  /** `positions 0 to 255 of sample 3`. */
  takes(chunk: number): string;
  /** What a chunk brings: its sum, mean or sum of squared distances from it. */
  partial(chunk: number): number;
  /** What is joined after each chunk of an order, and the element at its end. */
  fold(order: ArrayLike<number>): { sums: number[]; end: number };
}

function chunksOf(x: StoredTensor, dy: StoredTensor | undefined, channel: number): Chunk[] {
  const [samples, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const positions = x.data.length / (samples * channels);
  const { positionChunk: chunkLength } = capabilities().lengths;
  const chunks: Chunk[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    for (let first = 0; first < positions; first += chunkLength) {
      const length = Math.min(chunkLength, positions - first);
      const values = ({ data }: StoredTensor) =>
        Float32Array.from({ length }, (_, i) => Number(data[(sample * positions + first + i) * channels + channel]));
      chunks.push({ sample, first, x: values(x), dy: dy === undefined ? new Float32Array(0) : values(dy) });
    }
  }
  return chunks;
}

/** Mean and sum of squared distances of a chunk. */
function spreadOf({ x }: Chunk): { count: number; mean: number; m2: number } {
  const mean = f32(x.reduce((sum, value) => f32(sum + value), 0) / x.length);
  const m2 = x.reduce((sum, value) => fma(f32(value - mean), f32(value - mean), sum), 0);
  return { count: x.length, mean, m2 };
}

/** Chan, Golub and LeVeque's join of two parts, `b` behind `a`. */
function joinSpreads(a: ReturnType<typeof spreadOf>, b: ReturnType<typeof spreadOf>): ReturnType<typeof spreadOf> {
  const count = f32(f32(a.count) + f32(b.count));
  const delta = f32(b.mean - a.mean);
  const weight = f32(f32(f32(a.count) * f32(b.count)) / count);
  return {
    count: a.count + b.count,
    mean: fma(delta, f32(f32(b.count) / count), a.mean),
    m2: fma(f32(delta * delta), weight, f32(a.m2 + b.m2)),
  };
}

type Folding = Pick<ChunkFold, 'partial' | 'fold'>;

function statistics(chunks: readonly Chunk[], output: string): Folding {
  const items = chunks.map(spreadOf);
  const pick = ({ mean, m2 }: (typeof items)[number]) => (output === 'mean' ? mean : m2);
  const rows = items.reduce((sum, { count }) => sum + count, 0);
  return {
    partial: (chunk) => pick(items[chunk]!),
    fold: (order) => {
      let joined = items[order[0]!]!;
      const sums = [pick(joined)];
      for (let i = 1; i < order.length; i += 1) {
        joined = joinSpreads(joined, items[order[i]!]!);
        sums.push(pick(joined));
      }
      return { sums, end: output === 'mean' ? joined.mean : f32(joined.m2 / f32(rows)) };
    },
  };
}

/** The sum over a chunk that the gradient of gamma or beta is made of. */
function gradientSum({ before, settings }: CapturedCall, channel: number, output: string): (chunk: Chunk) => number {
  const of = (name: string, otherwise: number) =>
    Number(before.find((tensor) => tensor?.name === name)?.data[channel] ?? otherwise);
  const mean = of('mean', 0);
  const inverse = f32(1 / f32(Math.sqrt(f32(of('variance', 0) + f32(Number(settings['epsilon']))))));
  const scale = f32(of('gamma', 1) * inverse);
  const beta = of('beta', 0);
  const gradient = fusedGradient(settings);
  const slope = (x: number, dy: number) => gradient(fma(f32(x - mean), scale, beta), dy);
  const add =
    output === 'dbeta'
      ? (sum: number, _x: number, dz: number) => f32(sum + dz)
      : (sum: number, x: number, dz: number) => fma(dz, f32(f32(x - mean) * inverse), sum);
  return ({ x, dy }) => x.reduce((sum, value, i) => add(sum, value, slope(value, dy[i]!)), 0);
}

function parameterGradient(chunks: readonly Chunk[], sumOf: (chunk: Chunk) => number): Folding {
  const items = chunks.map(sumOf);
  return {
    partial: (chunk) => items[chunk]!,
    fold: (order) => {
      const sums: number[] = [];
      let sum = 0;
      for (let i = 0; i < order.length; i += 1) {
        sum = f32(sum + items[order[i]!]!);
        sums.push(sum);
      }
      return { sums, end: sum };
    },
  };
}

/** How an element of a call of batch_norm is joined; undefined for other kernels. */
export function chunkFold(call: CapturedCall, { slot, index: channel }: CallElement): ChunkFold | undefined {
  const { kernel, before, after } = call;
  if (kernel !== 'batch_norm.statistics' && kernel !== 'batch_norm.parameterGradient') return undefined;
  const { parts: chunksOfTask } = contractOf(kernel);
  const input = (name: string) => before.find((tensor) => tensor?.name === name) ?? undefined;
  const output = after[slot]!.name;
  const chunks = chunksOf(input('x')!, input('dy'), channel);
  const folding =
    kernel === 'batch_norm.statistics'
      ? statistics(chunks, output)
      : parameterGradient(chunks, gradientSum(call, channel, output));
  return {
    chunks: chunks.length,
    chunksOfTask,
    task: (chunk) => Math.floor(chunk / chunksOfTask),
    takes: (chunk) => {
      const { sample, first, x } = chunks[chunk]!;
      return `positions ${first} to ${first + x.length - 1} of sample ${sample}`;
    },
    ...folding,
  };
}

/** The chunks of tasks in the order the tasks ran. */
export const chunksInOrder = ({ chunks, chunksOfTask }: ChunkFold, tasks: readonly number[]): number[] =>
  tasks.flatMap((task) => {
    const first = task * chunksOfTask;
    return Array.from({ length: Math.min(chunksOfTask, chunks - first) }, (_, i) => first + i);
  });

/** An order as tasks can make it: the places of a task's chunks stay, but each task takes its chunks ascending. */
export function ascendingInTasks({ task, chunksOfTask }: ChunkFold, order: ArrayLike<number>): number[] {
  const next = new Map<number, number>();
  return Array.from(order, (chunk) => {
    const at = next.get(task(chunk)) ?? task(chunk) * chunksOfTask;
    next.set(task(chunk), at + 1);
    return at;
  });
}

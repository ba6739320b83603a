/** Cases of random: uniform and normal fills, sizes around 64 values (sixteen blocks) and the task grain. */
import { randomNormal, randomUniform } from '../../lib/index.js';
import { Words } from '../../lib/random/index.js';
import * as contract from '../contract/philox.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:39a0033eb05ef00f1e3977be11e38a2b85cf6fb4ea29570d1c427035f160e5ae';

interface Settings {
  seed: number;
  stream: number;
  step: number;
  from: number;
  to: number;
}

const shapes = [[1], [63], [65], [3, 5, 7, 11], [16_411]];
const sequenceOf = ({ seed, stream, step }: Settings) => ({ seed, stream, step });
const streamOf = ({ seed, stream, step }: Settings) => ({ seed: BigInt(seed), stream, step });
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The numbers of one tensor, drawn by `draw` from the words of each pair of elements; the input gives only its shape. */
function judged(shape: readonly number[], settings: Settings, draw: (u: number, v: number, odd: boolean) => number) {
  const words = new Words(sequenceOf(settings));
  const u = (i: number) => (words.at(i) >>> 8) / 2 ** 24;
  const pair = (i: number) => i - (i % 2);
  return Float64Array.from({ length: sizeOf(shape) }, (_, i) => draw(u(pair(i)), u(pair(i) + 1), i % 2 === 1));
}

const common = { op: 'random', differentiable: [false], tolerance: 2e-6 } as const;

const cases = (name: string, from: number, to: number) =>
  shapes.map((shape) => ({
    name: `${name} [${shape}]`,
    inputs: [{ name: 'like', shape }],
    settings: { seed: 2 ** 52 + 1001, stream: 1280, step: 2 ** 32 - 1, from, to },
  }));

export const tables: OperationTable<Settings>[] = [
  {
    ...common,
    run: ([like], s) => randomUniform(like!.runtime, like!.shape, sequenceOf(s), { low: s.from, high: s.to }),
    judge: ([like], s) => ({
      shape: like!.shape,
      data: judged(like!.shape, s, (u, v, odd) => s.from + (s.to - s.from) * (odd ? v : u)),
    }),
    contract: {
      forward: ([like], s) => ({
        shape: like!.shape,
        data: contract.uniform(streamOf(s), sizeOf(like!.shape), s.from, s.to),
      }),
    },
    cases: [...cases('uniform', -0.3, 0.7), ...cases('uniform plain', 0, 1)],
  },
  {
    ...common,
    run: ([like], s) => randomNormal(like!.runtime, like!.shape, sequenceOf(s), { mean: s.from, stddev: s.to }),
    judge: ([like], s) => ({
      shape: like!.shape,
      data: judged(like!.shape, s, (u, v, odd) => {
        const radius = Math.sqrt(-2 * Math.log(u + 2 ** -24));
        return s.from + s.to * radius * (odd ? Math.sin(2 * Math.PI * v) : Math.cos(2 * Math.PI * v));
      }),
    }),
    contract: {
      forward: ([like], s) => ({
        shape: like!.shape,
        data: contract.normal(streamOf(s), sizeOf(like!.shape), s.from, s.to),
      }),
    },
    cases: [...cases('normal', 0.25, 1.5), ...cases('normal plain', 0, 1)],
  },
];

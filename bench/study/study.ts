/**
 * What does a study cost beside its training steps? Eight small trials of one thread each, one at a time and two at a time, turn by
 * turn; and the comparison of one epoch's weights of many runs, out of their files.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareRunsIn } from '../../lib/divergence/index.js';
import { withWeights } from '../../lib/experiments/index.js';
import { streams, Words } from '../../lib/random/index.js';
import { writeSafetensors } from '../../lib/runs/index.js';
import { definePlan, runStudy } from '../../lib/studies/index.js';
import type { BenchOptions } from '../options.js';
import { digits, ratioText, textTable } from '../page.js';
import { drawer, spread, turnRatio } from '../statistics.js';

export interface StudyRow {
  /** Seconds of all trials, of each turn, by trials at once. */
  trials: { count: number; seconds: Record<'1' | '2', number[]> };
  /** Seconds of the comparison of one epoch of so many runs of so many weights. */
  compared: { runs: number; weights: number; layers: number; seconds: number[] };
}

const plan = definePlan({
  name: 'eight trials',
  fixed: {
    ...{ model: 'keras_convnet', data: 'synthetic', imageSize: 96, samples: 64, batchSize: 16, epochs: 2, threads: 1 },
  },
  factors: { seed: [1, 2, 3, 4, 5, 6, 7, 8] },
  modes: { deterministic: 1 },
});

async function inFolder<T>(use: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const timed = async (work: () => Promise<unknown> | unknown): Promise<number> => {
  const began = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - began) * 1e-9;
};

/** All trials; `root` is the folder of the package, whose command line they run. */
const trialSeconds = (jobs: number, root: string) =>
  inFolder((folder) => {
    const command = [process.execPath, path.join(root, 'dist/cli/main.js')];
    return timed(async () => {
      const { ran } = await runStudy(plan, { out: path.join(folder, 'study'), jobs, command });
      if (ran !== 8) throw new Error(`the bench ran ${ran} of 8 trials`);
    });
  });

/** Weights of a run that differ from those of another in about half of all bits of their mantissas. */
function weightsOf(run: number, sizes: readonly number[]) {
  const words = new Words({ seed: run + 1, stream: streams.resampling, step: 0 });
  return sizes.map((size, i) => ({
    name: `layer_${i}/kernel`,
    dtype: 'float32' as const,
    shape: [size],
    data: Float32Array.from({ length: size }, () => (words.below(2 ** 24) - 2 ** 23) / 2 ** 27),
  }));
}

/** Measures both; the number of trials at once that goes first changes from turn to turn. */
export async function benchStudy(
  { quick }: Pick<BenchOptions, 'quick'>,
  root: string,
  progress: (text: string) => void,
): Promise<StudyRow> {
  const turns = quick ? 2 : 5;
  const seconds: StudyRow['trials']['seconds'] = { 1: [], 2: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const jobs of turn % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const)) {
      progress(`8 trials, ${jobs} at once, turn ${turn + 1} of ${turns}`);
      seconds[jobs].push(await trialSeconds(jobs, root));
    }
  }
  const sizes = [100_000, 200_000, 300_000, 400_000];
  const runs = 20;
  const compared = await inFolder(async (folder) => {
    const paths = Array.from({ length: runs }, (_, run) => path.join(folder, `${run}.safetensors`));
    for (const [run, file] of paths.entries()) writeSafetensors(file, { tensors: weightsOf(run, sizes), metadata: {} });
    const all: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      progress(`weights of ${runs} runs, turn ${turn + 1} of ${turns}`);
      all.push(await timed(() => withWeights(paths, (source) => compareRunsIn(source))));
    }
    return all;
  });
  const weights = sizes.reduce((sum, size) => sum + size, 0);
  return { trials: { count: 8, seconds }, compared: { runs, weights, layers: sizes.length, seconds: compared } };
}

export function studyPage({ trials, compared }: StudyRow): string {
  const ratio = ratioText(turnRatio(trials.seconds[2], trials.seconds[1], { draw: drawer() }));
  const at = (jobs: 1 | 2) => digits(spread(trials.seconds[jobs]).median);
  const { median } = spread(compared.seconds);
  const pairs = (compared.runs * (compared.runs - 1)) / 2;
  return [
    textTable(
      ['trials of one thread', 'one at a time, s', 'two at a time, s', 'ratio [95 % interval]'],
      [[String(trials.count), at(1), at(2), ratio]],
    ),
    textTable(
      ['runs', 'weights', 'one epoch, s', '50 epochs, s', 'ns a weight and pair'],
      [
        [
          ...[String(compared.runs), String(compared.weights), digits(median), digits(50 * median)],
          digits((median * 1e9) / (pairs * compared.weights)),
        ],
      ],
    ),
  ].join('\n\n');
}

/** An attribution as text for the terminal and as CSV files. */
import type { AttributedRun, AttributedSource, Attribution } from '../attribution/index.js';
import { csvFile } from '../files/index.js';
import { compact, fixed, percent, plural, range, sizeText } from './format.js';
import { columns } from './terminal.js';

/** A distance with three digits: 1.23e-5. */
const small = (value: number) => (value === 0 ? '0' : value.toExponential(2));

const lastOf = (run: AttributedRun) => run.places.at(-1)!;

function cellsOf({ rank, name, runs, distinctWeights, repeats, median }: AttributedSource): string[] {
  const firstApart = runs.map(({ growth }) => growth.firstApart).filter((step) => step !== null);
  return [
    `${rank}  ${name}`,
    String(runs.length),
    `${distinctWeights}${repeats === null ? '' : repeats ? ', repeats' : ', does not repeat'}`,
    range(
      runs.map((run) => lastOf(run).l2),
      small,
    ),
    percent(median.differing),
    compact(median.meanUlp),
    range(
      runs.map(({ differingPredictions }) => differingPredictions),
      String,
    ),
    median.growth === null ? '\u2013' : `x ${fixed(Math.exp(median.growth), 2)}`,
    firstApart.length === 0 ? 'never' : `step ${firstApart.reduce((a, b) => Math.min(a, b))}`,
  ];
}

/** The sources in a table, largest effect first, without a newline at the end. */
export function attributionText(found: Attribution): string {
  const { definition, sources, target, threads, predicted, weights } = found;
  const { model, data, imageSize, batchSize, steps, seed, arrival } = definition;
  const head = [
    'source',
    'runs',
    'bit patterns',
    'L2 from baseline',
    'weights',
    'mean ulp',
    `of ${predicted.samples} predictions`,
    'a step',
    'apart since',
  ];
  const samples = predicted.of === 'validation' ? 'validation samples' : 'training samples';
  return [
    `${model} on ${data}, ${sizeText(imageSize)}batch ${batchSize}, ${plural(steps, 'step')}, seed ${seed}`,
    `${weights} weights, ${predicted.samples} ${samples}; ${target}, ${plural(threads, 'thread')}; ${arrival} arrival`,
    '',
    columns([head, ...sources.map(cellsOf)]),
  ].join('\n');
}

/** One row a source and training, at the last step. */
export function attributionCsv({ sources, predicted }: Attribution): string {
  const head = ['rank', 'kind', 'source', 'run', 'arrivalSeed', 'weightsHash', 'l2', 'maxUlp', 'meanUlp', 'differing'];
  const more = ['differingBits', 'cosineSimilarity', 'differingPredictions', 'samples', 'growthPerStep', 'firstApart'];
  const rows = sources.flatMap(({ rank, kind, name, runs }) =>
    runs.map((run, i) => {
      const { l2, maxUlp, meanUlp, differing } = lastOf(run);
      const { differingBits, cosineSimilarity, differingPredictions, growth } = run;
      return [
        ...[rank, kind, name, i + 1, run.seed, run.weightsHash, l2, maxUlp, meanUlp, differing],
        ...[differingBits, cosineSimilarity, differingPredictions, predicted.samples, growth.rate, growth.firstApart],
      ];
    }),
  );
  return csvFile([...head, ...more], rows);
}

/** One row a source, training and step measured. */
export function attributionGrowthCsv({ sources }: Attribution): string {
  const head = ['source', 'run', 'arrivalSeed', 'step', 'l2', 'maxUlp', 'meanUlp', 'differing'];
  const rows = sources.flatMap(({ name, runs }) =>
    runs.flatMap(({ seed, places }, i) =>
      places.map(({ step, l2, maxUlp, meanUlp, differing }) => [
        name,
        i + 1,
        seed,
        step,
        l2,
        maxUlp,
        meanUlp,
        differing,
      ]),
    ),
  );
  return csvFile(head, rows);
}

/** Tables of explanations of validation pictures: what every run predicts and where its heat is, and every pair of runs. */
import type { ExplainedPicture, ExplainedRuns, Result } from '../../experiments/index.js';
import type { Cell } from '../../files/index.js';
import { fixed, integer, percent } from '../format.js';
import type { DataTable } from './table.js';

const modeOf = (target: string) => target.split('/').at(-1)!;

/** The pairs of runs of one target in a picture's explanations. */
function pairsOf({ runs }: ExplainedRuns, { explanations }: ExplainedPicture, target: string) {
  return explanations.pairs.filter(({ runs: pair }) => pair.every((run) => runs[run - 1]!.target === target));
}

const least = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => Math.min(a, b));
};
const largest = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => Math.max(a, b));
};

/** How stable the heat is between the runs of each target: a row a picture and target, the worst pair of each measure. */
export function stabilityTable({ definition, targets }: Result, explained: ExplainedRuns): DataTable {
  const rows = explained.pictures.flatMap((picture, place) =>
    Object.keys(targets).map((target): Cell[] => {
      const pairs = pairsOf(explained, picture, target);
      const runs = picture.explanations.runs.filter((_, i) => explained.runs[i]!.target === target);
      return [
        ...[`${place + 1} ${picture.explanations.class}, ${modeOf(target)}`, pairs.length],
        new Set(runs.map(({ heatHash }) => heatHash)).size,
        least(pairs.map(({ pearson }) => pearson)),
        least(pairs.map(({ ssim }) => ssim)),
        least(pairs.map(({ hottestOverlap }) => hottestOverlap)),
        largest(pairs.map(({ centreShift }) => centreShift)),
      ];
    }),
  );
  return {
    name: `${definition.model}-stability`,
    caption: 'Stability of the heat between runs of one mode: the worst pair of each measure',
    columns: [
      { name: 'picture', title: 'picture, mode' },
      { name: 'pairs', title: 'pairs', show: integer },
      { name: 'heatPatterns', title: 'bit patterns', show: integer },
      { name: 'pearson', title: 'correlation', show: (value: number | null) => fixed(value, 4) },
      { name: 'ssim', title: 'SSIM', show: (value: number | null) => fixed(value, 4) },
      {
        name: 'hottestOverlap',
        title: 'hottest 10 % shared',
        show: (value: number | null) => (value === null ? '\u2013' : percent(value)),
      },
      {
        name: 'centreShift',
        title: 'centre moved',
        show: (value: number | null) => (value === null ? '\u2013' : `${fixed(value, 2)} px`),
      },
    ],
    rows,
  };
}

/** A row a picture and run: prediction, layer and hash of the heat. */
export function heatTable({ definition }: Result, { runs, pictures }: ExplainedRuns): DataTable {
  const names = [
    'picture',
    'class',
    'target',
    'run',
    'layer',
    'predicted',
    'probability',
    'hasHeat',
    'heatHash',
    'overlay',
  ];
  const rows = pictures.flatMap(({ name, overlays, explanations }) =>
    explanations.runs.map(({ layer, predictions, hasHeat, heatHash }, i): Cell[] => {
      const { target, run } = runs[i]!;
      const { class: predicted, probability } = predictions[0]!;
      return [name, explanations.class, target, run, layer, predicted, probability, hasHeat, heatHash, overlays[i]!];
    }),
  );
  const columns = names.map((name) => ({ name, title: name }));
  return { name: `${definition.model}-heat`, caption: 'Explained pictures, a row a run', columns, rows };
}

/** A row a picture and pair of runs, of one target or of two. */
export function pairsTable({ definition }: Result, { runs, pictures }: ExplainedRuns): DataTable {
  const names = ['targetA', 'runA', 'targetB', 'runB', 'sameBits', 'pearson', 'ssim', 'hottestOverlap', 'centreShift'];
  const rows = pictures.flatMap(({ name, explanations }) =>
    explanations.pairs.map(({ runs: [a, b], sameBits, pearson, ssim, hottestOverlap, centreShift }): Cell[] => {
      const [one, other] = [runs[a - 1]!, runs[b - 1]!];
      return [name, one.target, one.run, other.target, other.run, sameBits, pearson, ssim, hottestOverlap, centreShift];
    }),
  );
  const columns = ['picture', ...names].map((name) => ({ name, title: name }));
  return { name: `${definition.model}-heat-pairs`, caption: 'Heat of every two runs beside each other', columns, rows };
}

/** Explanations of a picture as text for the terminal and as CSV files. */
import type { Explanations, OcclusionResult, RunExplanation, Score, Stability } from '../explain/index.js';
import { csvFile } from '../files/index.js';
import { fixed, percent, plural } from './format.js';
import { columns } from './terminal.js';

const stabilityHead = ['same bits', 'correlation', 'SSIM', 'hottest 10 %', 'centre moved'];

function stabilityCells({ sameBits, pearson, ssim, hottestOverlap, centreShift }: Stability): string[] {
  const overlap = hottestOverlap === null ? '–' : percent(hottestOverlap);
  const shift = centreShift === null ? '–' : `${fixed(centreShift, 2)} px`;
  return [sameBits ? 'yes' : 'no', fixed(pearson, 4), fixed(ssim, 4), overlap, shift];
}

function halvesLine({ halves }: RunExplanation): string[] {
  if (halves === null) return [];
  const verdict = { true: ', more on the half of the class', false: ', more on the other half', null: '' }[
    `${halves.onOwnHalf}`
  ];
  return [`halves     left ${percent(halves.left)}, right ${percent(halves.right)}${verdict}`];
}

/** Why there is no heat; nothing where there is some. */
export function noHeatWords({ hasHeat, flat }: Pick<RunExplanation, 'hasHeat' | 'flat'>, score: Score): string {
  if (hasHeat) return '';
  if (!flat) return ', no heat: nothing speaks for the class';
  const why = score === 'probability' ? 'it rounds to 0 or 1; --score logit has one' : 'units on the way are off';
  return `, no heat: the ${score} has gradient 0 everywhere (${why})`;
}

function occlusionLines({ changes, heatHash, stability, ...heat }: OcclusionResult, score: Score): string[] {
  const rows = changes.map(({ class: name, rankBefore, rankAfter, before, after }) => [
    name,
    `${rankBefore} → ${rankAfter}`,
    `${before.toFixed(6)} → ${after.toFixed(6)}`,
  ]);
  return [
    `covered    ${heatHash}${noHeatWords(heat, score)}`,
    columns([['class', 'rank', 'probability'], ...rows]),
    columns([
      ['heat', ...stabilityHead],
      ['before, after', ...stabilityCells(stability)],
    ]),
  ];
}

function runLines(result: RunExplanation, index: number): string[] {
  const { run, model, target, layer, maps, score, predictions, heatHash, occlusion } = result;
  const ranked = predictions.slice(0, 5).map(({ class: name, probability }) => `${name} ${probability.toFixed(6)}`);
  const more = predictions.length > ranked.length ? `, and ${predictions.length - ranked.length} more` : '';
  return [
    '',
    `run ${index + 1}      ${run}, ${model} on ${target}, seed ${result.seed}`,
    `predicts   ${ranked.join(', ')}${more}`,
    `layer      ${layer}, maps of ${maps.join(' x ')}, by ${score}`,
    `heat       ${heatHash}${noHeatWords(result, score)}`,
    ...halvesLine(result),
    ...(occlusion === null ? [] : occlusionLines(occlusion, score)),
  ];
}

/** The explanations as lines of text, without a newline at the end. */
export function explanationsText({ image, class: name, runs, pairs }: Explanations): string {
  const rows = pairs.map((pair) => [pair.runs.join(', '), ...stabilityCells(pair)]);
  const different = new Set(runs.map(({ heatHash }) => heatHash)).size;
  return [
    `picture    ${image.path}, ${image.width} x ${image.height}`,
    `class      ${name}`,
    ...runs.flatMap(runLines),
    ...(pairs.length === 0 ? [] : ['', `${plural(runs.length, 'run')}, ${plural(different, 'bit pattern')} of heat`]),
    ...(pairs.length === 0 ? [] : [columns([['runs', ...stabilityHead], ...rows])]),
  ].join('\n');
}

/** One row a run and class, most probable first. */
export function explanationsCsv({ image, class: explained, runs }: Explanations): string {
  const head = [
    'image',
    'explained',
    'run',
    'layer',
    'score',
    'rank',
    'class',
    'probability',
    'hasHeat',
    'flat',
    'heatHash',
  ];
  const more = ['left', 'right', 'onOwnHalf', 'occludedRank', 'occludedProbability', 'occludedHeatHash'];
  const word = (flag: boolean | null | undefined) => (flag == null ? null : String(flag));
  const rows = runs.flatMap(({ run, layer, score, predictions, hasHeat, flat, heatHash, halves, occlusion }) =>
    predictions.map(({ class: name, probability }, i) => {
      const change = occlusion?.changes.find((one) => one.class === name);
      return [
        ...[image.path, explained, run, layer, score, i + 1, name, probability, word(hasHeat), word(flat), heatHash],
        ...[halves?.left ?? null, halves?.right ?? null, word(halves?.onOwnHalf)],
        ...[change?.rankAfter ?? null, change?.after ?? null, occlusion?.heatHash ?? null],
      ];
    }),
  );
  return csvFile([...head, ...more], rows);
}

/** One row a pair of runs. */
export function stabilityCsv({ runs, pairs }: Explanations): string {
  const head = ['runA', 'runB', 'sameBits', 'pearson', 'ssim', 'hottestOverlap', 'centreShift'];
  const rows = pairs.map(({ runs: [a, b], sameBits, pearson, ssim, hottestOverlap, centreShift }) => {
    const folders = [runs[a - 1]!.run, runs[b - 1]!.run];
    return [...folders, String(sameBits), pearson, ssim, hottestOverlap, centreShift];
  });
  return csvFile(head, rows);
}

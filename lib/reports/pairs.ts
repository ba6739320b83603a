/** Explanations of a list of pictures of two things each as text for the terminal and as CSV files. */
import type { PairAgreement, PairFinding, PairSummary, PairsResult } from '../explain/index.js';
import { csvFile } from '../files/index.js';
import { fixed, percent, plural } from './format.js';
import { columns } from './terminal.js';

const none = '\u2013';
const shareOf = (share: number | null) => (share === null ? none : percent(share));

function verdictOf({ onOwnHalf, ownShare }: PairFinding): string {
  if (ownShare === null) return 'no heat';
  return onOwnHalf === null ? 'both halves' : onOwnHalf ? 'right' : 'wrong';
}

const summaryCells = ({
  class: name,
  explanations,
  right,
  wrong,
  undecided,
  shareRight,
  meanOwnShare,
}: PairSummary) => [
  ...[name, String(explanations), String(right), String(wrong), String(undecided)],
  ...[percent(shareRight), shareOf(meanOwnShare)],
];

const agreementCells = ({ runs, explanations, sameBits, sameVerdict, ...means }: PairAgreement) => [
  ...[runs.join(', '), `${sameVerdict} of ${explanations}`, `${sameBits} of ${explanations}`],
  ...[fixed(means.pearson, 4), fixed(means.ssim, 4), shareOf(means.hottestOverlap)],
  means.centreShift === null ? none : `${fixed(means.centreShift, 2)} px`,
];

/** What was found as lines of text, without a newline at the end. */
export function pairsText({ list, classes, runs, pictures, summary, agreement }: PairsResult): string {
  const rows = pictures.flatMap(({ file, findings }) =>
    findings.map((finding) => [
      ...[file, finding.class, finding.side, String(finding.run), fixed(finding.probability, 4)],
      ...[shareOf(finding.ownShare), verdictOf(finding)],
    ]),
  );
  const head = ['picture', 'class', 'half', 'run', 'probability', 'heat on the half', 'verdict'];
  const summaryHead = ['run', 'class', 'explanations', 'right', 'wrong', 'undecided', 'share right', 'mean heat'];
  const agreementHead = ['runs', 'same verdict', 'same bits', 'correlation', 'SSIM', 'hottest 10 %', 'centre moved'];
  return [
    `list       ${list}, ${plural(pictures.length, 'picture')} of ${classes.join(', ')}`,
    ...runs.map(({ run, model, target, seed, layer, score }, i) => {
      return `run ${i + 1}      ${run}, ${model} on ${target}, seed ${seed}, layer ${layer}, by ${score}`;
    }),
    '',
    columns([head, ...rows]),
    '',
    columns([summaryHead, ...summary.map((one) => [String(one.run), ...summaryCells(one)])]),
    ...(agreement.length === 0 ? [] : ['', columns([agreementHead, ...agreement.map(agreementCells)])]),
  ].join('\n');
}

/** One row a picture, class and run. */
export function pairsCsv({ runs, pictures }: PairsResult): string {
  const head = ['row', 'file', 'class', 'half', 'run', 'probability', 'ownShare', 'onOwnHalf', 'heatHash'];
  const rows = pictures.flatMap(({ row, file, findings }) =>
    findings.map(({ class: name, side, run, probability, ownShare, onOwnHalf, heatHash }) => [
      ...[row, file, name, side, runs[run - 1]!.run, probability, ownShare, onOwnHalf, heatHash],
    ]),
  );
  return csvFile(head, rows);
}

/** One row a run and class, and one a run for all classes. */
export function pairsSummaryCsv({ runs, summary }: PairsResult): string {
  const counts = ['explanations', 'right', 'wrong', 'undecided', 'shareRight', 'meanOwnShare'] as const;
  const rows = summary.map((one) => [runs[one.run - 1]!.run, one.class, ...counts.map((name) => one[name])]);
  return csvFile(['run', 'class', ...counts], rows);
}

/** One row a pair of runs. */
export function pairsAgreementCsv({ runs, agreement }: PairsResult): string {
  const counts = [
    'explanations',
    'sameVerdict',
    'sameBits',
    'pearson',
    'ssim',
    'hottestOverlap',
    'centreShift',
  ] as const;
  const rows = agreement.map((one) => [
    ...one.runs.map((run) => runs[run - 1]!.run),
    ...counts.map((name) => one[name]),
  ]);
  return csvFile(['runA', 'runB', ...counts], rows);
}

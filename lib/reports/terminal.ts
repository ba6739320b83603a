/** A Result as text for the terminal: what was run, a table with one line a target, and the verdict in sentences. */
import type { Result } from '../experiments/index.js';
import { isShare, wordsOf } from '../progress/index.js';
import { stepsSentence } from './charts/steps.js';
import { compact, duration, percent, range, scientific, shortHash } from './format.js';
import { meanOf, measuresOfRuns } from './measures.js';
import { priceSentence, subjectOf, verdictsOf } from './verdict.js';

/** Columns set flush: the first to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0));
  const set = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => row.map(set).join('  ').trimEnd()).join('\n');
}

function tableOf(result: Result): string {
  const targets = Object.entries(result.targets);
  const measures = measuresOfRuns(targets.flatMap(([, { runs }]) => runs)).filter(({ of }) => of !== 'loss');
  const shown = measures.length > 0 ? measures : measuresOfRuns(targets.flatMap(([, { runs }]) => runs));
  const head = [
    ...['target', 'runs', 'bit patterns', 'weights'],
    ...shown.map(({ of, validation }) => `${validation ? 'val. ' : ''}${wordsOf(of)}`),
    ...['bits that differ', 'mean ulp', 'apart since', 'step'],
  ];
  const rows = targets.map(([name, { runs, distinctWeights, divergence }]) => {
    const last = runs.map((run) => run.epochs.at(-1)!);
    return [
      name,
      String(runs.length),
      String(distinctWeights),
      distinctWeights === 1 ? shortHash(runs[0]!.weightsHash) : 'differ',
      ...shown.map((one) =>
        range(
          last.map((epoch) => meanOf(epoch, one.name)),
          (value) => (isShare(one.of) ? value.toFixed(3) : scientific(value)),
        ),
      ),
      percent(divergence.all.differingBits),
      compact(divergence.all.meanUlp),
      divergence.firstEpoch === null ? 'never' : `epoch ${divergence.firstEpoch}`,
      range(
        runs.map((run) => run.stepSecondsMedian),
        duration,
      ),
    ];
  });
  return columns([head, ...rows]);
}

/** The Result as lines of text, without a newline at the end. */
export function terminalReport(result: Result): string {
  const verdicts = verdictsOf(result).map(({ target, sentence }) => `${target}: ${sentence}`);
  const growth = Object.entries(result.targets).flatMap(
    ([
      target,
      {
        divergence: { steps },
      },
    ]) => (steps === null ? [] : [`${target}: ${stepsSentence(steps)}`]),
  );
  const price = result.price === null ? [] : [priceSentence(result.price)];
  return [subjectOf(result), '', tableOf(result), '', ...verdicts, ...growth, ...price].join('\n');
}

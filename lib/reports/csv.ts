/** The tables of a Result as CSV files, for spreadsheets and scripts: full precision, full hashes, a row a fact. */
import type { Result } from '../experiments/index.js';

type Cell = string | number | null;

function line(cells: readonly Cell[]): string {
  const quote = (cell: Cell) => {
    const text = cell === null ? '' : String(cell);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${cells.map(quote).join(',')}\r\n`;
}

/** A table as the text of a CSV file. */
export const csvFile = (head: readonly string[], rows: readonly (readonly Cell[])[]) =>
  [head, ...rows].map(line).join('');

/** One row a run. */
export function runsCsv(result: Result): string {
  const head = ['target', 'run', 'threads', 'seed', 'parameters', 'weightsHash', 'predictionsHash', 'dataHash'];
  const times = ['stepSecondsMedian', 'peakMemoryMiB'];
  const rows = Object.entries(result.targets).flatMap(([target, { runs }]) =>
    runs.map((run, index) => [
      target,
      index + 1,
      run.threads,
      run.seed,
      run.parameters,
      run.weightsHash,
      run.predictionsHash,
      run.dataHash,
      run.stepSecondsMedian,
      run.peakMemoryMiB,
    ]),
  );
  return csvFile([...head, ...times], rows);
}

/** One row a run and epoch. */
export function epochsCsv(result: Result): string {
  const head = ['target', 'run', 'epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds', 'weightsHash'];
  const rows = Object.entries(result.targets).flatMap(([target, { runs }]) =>
    runs.flatMap((run, index) =>
      run.epochs.map(({ epoch, loss, accuracy, valLoss, valAccuracy, seconds, weightsHash }) => [
        target,
        index + 1,
        epoch,
        loss,
        accuracy,
        valLoss,
        valAccuracy,
        seconds,
        weightsHash,
      ]),
    ),
  );
  return csvFile(head, rows);
}

/** One row a target, epoch and layer. */
export function divergenceCsv(result: Result): string {
  const head = ['target', 'epoch', 'layer', 'maxUlp', 'meanUlp', 'differingBits', 'cosineSimilarity'];
  const rows = Object.entries(result.targets).flatMap(([target, { divergence }]) =>
    divergence.perEpoch.flatMap(({ epoch, layers }) =>
      layers.map((layer) => [
        target,
        epoch,
        layer.layer,
        layer.maxUlp,
        layer.meanUlp,
        layer.differingBits,
        layer.cosineSimilarity,
      ]),
    ),
  );
  return csvFile(head, rows);
}

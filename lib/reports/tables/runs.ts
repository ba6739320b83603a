/** Tables of the trainings themselves: a row a run, a row a run and epoch, and trainings with other numbers of threads. */
import type { Result } from '../../experiments/index.js';
import type { TrainResult } from '../../runs/index.js';
import { duration, fixed, integer, percent } from '../format.js';
import { hashMarkup } from '../html/markup.js';
import type { DataTable } from './table.js';

const epochSeconds = (run: TrainResult) => run.epochs.reduce((sum, { seconds }) => sum + seconds, 0);
const share = (value: number | null) => (value === null ? '\u2013' : percent(value));
const loss = (value: number | null) => fixed(value, 6);

/** What every run ended in, for the eye. */
export function endTable(result: Result): DataTable {
  const rows = Object.values(result.targets).flatMap(({ mode, runs }) =>
    runs.map((run, index) => {
      const { loss: trained, accuracy, valLoss, valAccuracy } = run.epochs.at(-1)!;
      const seconds = epochSeconds(run) / run.epochs.length;
      return [`${mode} ${index + 1}`, run.weightsHash, trained, accuracy, valLoss, valAccuracy, seconds];
    }),
  );
  return {
    name: `${result.definition.model}-last-epoch`,
    caption: 'The runs after the last epoch',
    columns: [
      { name: 'run', title: 'run' },
      { name: 'weightsHash', title: 'weights', show: hashMarkup },
      { name: 'loss', title: 'loss', show: loss },
      { name: 'accuracy', title: 'accuracy', show: share },
      { name: 'valLoss', title: 'val. loss', show: loss },
      { name: 'valAccuracy', title: 'val. accuracy', show: share },
      { name: 'secondsAnEpoch', title: 'an epoch', show: duration },
    ],
    rows,
  };
}

/** All that is known of a run as a whole. */
export function runsTable(result: Result): DataTable {
  const keys = ['threads', 'seed', 'parameters', 'weightsHash', 'predictionsHash', 'dataHash'] as const;
  const times = ['stepSecondsMedian', 'peakMemoryMiB'] as const;
  const rows = Object.entries(result.targets).flatMap(([target, { runs }]) =>
    runs.map((run, index) => [target, index + 1, ...[...keys, ...times].map((key) => run[key])]),
  );
  const columns = ['target', 'run', ...keys, ...times].map((name) => ({ name, title: name }));
  return { name: `${result.definition.model}-runs`, caption: 'Every run', columns, rows };
}

/** All that is known of an epoch of a run. */
export function epochsTable(result: Result): DataTable {
  const keys = ['epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds', 'weightsHash'] as const;
  const rows = Object.entries(result.targets).flatMap(([target, { runs }]) =>
    runs.flatMap((run, index) => run.epochs.map((epoch) => [target, index + 1, ...keys.map((key) => epoch[key])])),
  );
  const columns = ['target', 'run', ...keys].map((name) => ({ name, title: name }));
  return { name: `${result.definition.model}-epochs`, caption: 'Every epoch of every run', columns, rows };
}

/** What runs cost. */
export function costTable(result: Result): DataTable {
  const rows = Object.values(result.targets).flatMap(({ mode, runs }) =>
    runs.map((run, index) => [
      ...[`${mode} ${index + 1}`, run.threads, run.stepSecondsMedian],
      ...[run.stepSeconds.length, epochSeconds(run), run.peakMemoryMiB],
    ]),
  );
  return {
    name: `${result.definition.model}-cost`,
    caption: 'Time and memory of every run',
    columns: [
      { name: 'run', title: 'run' },
      { name: 'threads', title: 'threads', show: integer },
      { name: 'stepSecondsMedian', title: 'median step', show: duration },
      { name: 'steps', title: 'steps', show: integer },
      { name: 'epochsSeconds', title: 'all epochs', show: duration },
      { name: 'peakMemoryMiB', title: 'peak memory', show: (value: number) => `${integer(value)} MiB` },
    ],
    rows,
  };
}

/** Deterministic training with several numbers of threads, as Table 4 of the paper; null without such runs. */
export function threadsTable(result: Result): DataTable | null {
  const deterministic = Object.values(result.targets).find(({ mode }) => mode === 'deterministic');
  if (deterministic === undefined || result.threadRuns.length === 0) return null;
  const first = deterministic.runs[0]!;
  const runs = [first, ...result.threadRuns].sort((a, b) => a.threads - b.threads);
  const rows = runs.map((run) => {
    const { loss: trained, valAccuracy, accuracy, valLoss } = run.epochs.at(-1)!;
    const same = run.weightsHash === first.weightsHash && run.predictionsHash === first.predictionsHash;
    const seconds = epochSeconds(run) / run.epochs.length;
    return [
      run.threads,
      seconds,
      run.stepSecondsMedian,
      run.weightsHash,
      same,
      trained,
      accuracy,
      valLoss,
      valAccuracy,
    ];
  });
  return {
    name: `${result.definition.model}-threads`,
    caption: `Deterministic ${result.definition.model} with several numbers of threads, as Table 4 of the paper; times are of the machine named below`,
    columns: [
      {
        name: 'threads',
        title: 'threads',
        show: (value: number) => (value === 1 ? '1, single-thread' : `${value}, multi-thread`),
      },
      { name: 'secondsAnEpoch', title: 'an epoch', show: duration },
      { name: 'stepSecondsMedian', title: 'median step', show: duration },
      { name: 'weightsHash', title: 'weights', show: hashMarkup },
      { name: 'sameBits', title: 'same bits', show: (value: boolean) => (value ? 'yes' : 'no') },
      { name: 'loss', title: 'loss', show: loss },
      { name: 'accuracy', title: 'accuracy', show: share },
      { name: 'valLoss', title: 'val. loss', show: loss },
      { name: 'valAccuracy', title: 'val. accuracy', show: share },
    ],
    rows,
  };
}

/** Tables of the trainings themselves: a row a run, a row a run and epoch, and trainings with other numbers of threads. */
import type { Result, TargetResult } from '../../experiments/index.js';
import type { Cell } from '../../files/index.js';
import type { Measured } from '../../progress/index.js';
import type { TrainResult } from '../../runs/index.js';
import { duration, integer } from '../format.js';
import { hashMarkup } from '../html/markup.js';
import { meanOf, measureColumns, measuresOfRuns } from '../measures.js';
import type { Column, DataTable } from './table.js';

const epochSeconds = (run: TrainResult) => run.epochs.reduce((sum, { seconds }) => sum + seconds, 0);
const nameOf = ({ mode, names }: TargetResult, index: number) => names?.[index] ?? `${mode} ${index + 1}`;

/** Every run with what it is called. */
const namedRuns = (result: Result): NamedRun[] =>
  Object.values(result.targets).flatMap((target) =>
    target.runs.map((run, index) => ({ name: nameOf(target, index), result: run })),
  );

/** A training, and what it is called. */
export interface NamedRun {
  name: string;
  result: TrainResult;
}

/** What every run ended in, for the eye. */
export const endTable = (result: Result): DataTable => lastEpochTable(result.definition.model, namedRuns(result));

/** What trainings ended in. */
export function lastEpochTable(name: string, runs: readonly NamedRun[]): DataTable {
  const measures = measuresOfRuns(runs.map(({ result }) => result));
  const rows = runs.map(({ name: run, result }) => {
    const last = result.epochs.at(-1)!;
    const seconds = epochSeconds(result) / result.epochs.length;
    return [run, result.weightsHash, ...measures.map((one) => meanOf(last, one.name)), seconds];
  });
  return {
    name: `${name}-last-epoch`,
    caption: 'The runs after the last epoch',
    columns: [
      { name: 'run', title: 'run' },
      { name: 'weightsHash', title: 'weights', show: hashMarkup },
      ...measureColumns(measures),
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
  const measures = measuresOfRuns(Object.values(result.targets).flatMap(({ runs }) => runs));
  const rows = Object.entries(result.targets).flatMap(([target, { runs }]) =>
    runs.flatMap((run, index) => epochRows(run, measures).map((row) => [target, index + 1, ...row])),
  );
  const columns = ['target', 'run', ...epochColumns(measures).map(({ name }) => name)];
  return {
    name: `${result.definition.model}-epochs`,
    caption: 'Every epoch of every run',
    columns: columns.map((name) => ({ name, title: name })),
    rows,
  };
}

const epochRows = ({ epochs }: TrainResult, measures: readonly Measured[]): Cell[][] =>
  epochs.map((epoch) => [
    epoch.epoch,
    ...measures.map(({ name }) => meanOf(epoch, name)),
    epoch.seconds,
    epoch.weightsHash,
  ]);

const epochColumns = (measures: readonly Measured[]): Column[] => [
  { name: 'epoch', title: 'epoch', show: integer },
  ...measureColumns(measures),
  { name: 'seconds', title: 'took', show: duration },
  { name: 'weightsHash', title: 'weights', show: hashMarkup },
];

/** Every epoch of trainings; of one alone without its name. */
export function everyEpochTable(name: string, runs: readonly NamedRun[]): DataTable {
  const measures = measuresOfRuns(runs.map(({ result }) => result));
  const [alone, more] = runs;
  const columns = epochColumns(measures);
  return {
    name: `${name}-epochs`,
    caption: more === undefined ? 'Every epoch' : 'Every epoch of every run',
    columns: more === undefined ? columns : [{ name: 'run', title: 'run' }, ...columns],
    rows:
      more === undefined
        ? epochRows(alone!.result, measures)
        : runs.flatMap((run) => epochRows(run.result, measures).map((row) => [run.name, ...row])),
  };
}

/** What runs cost. */
export const costTable = (result: Result): DataTable => costsTable(result.definition.model, namedRuns(result));

/** What trainings cost. */
export function costsTable(name: string, runs: readonly NamedRun[]): DataTable {
  const rows = runs.map(({ name: run, result }) => [
    ...[run, result.threads, result.stepSecondsMedian],
    ...[result.stepSeconds.length, epochSeconds(result), result.peakMemoryMiB],
  ]);
  return {
    name: `${name}-cost`,
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
  const measures = measuresOfRuns(runs);
  const rows = runs.map((run) => {
    const last = run.epochs.at(-1)!;
    const same = run.weightsHash === first.weightsHash && run.predictionsHash === first.predictionsHash;
    const seconds = epochSeconds(run) / run.epochs.length;
    const means = measures.map(({ name }) => meanOf(last, name));
    return [run.threads, seconds, run.stepSecondsMedian, run.weightsHash, same, ...means];
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
      ...measureColumns(measures),
    ],
    rows,
  };
}

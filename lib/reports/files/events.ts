/**
 * The curves as TensorBoard event files. A run is a folder; wall times are the start of the experiment plus the seconds of
 * the epochs, so equal results give equal files.
 */
import type { FoundRun } from '../../experiments/index.js';
import { measuresOf } from '../../progress/index.js';
import type { TrainResult } from '../../runs/index.js';
import { type Scalar, scalarRecord, tagOf, versionRecord } from '../../tensorboard/index.js';
import { fileName, type ReportedResult, targetsOf } from '../book.js';

/** A file below the folder `tensorboard`. */
export interface EventFile {
  path: string;
  bytes: Uint8Array;
}

function eventFile(folder: string, startedAt: string, scalars: readonly (Scalar & { seconds: number })[]): EventFile {
  const start = Date.parse(startedAt) / 1000;
  const events = scalars.map(({ seconds, ...scalar }) => scalarRecord(start + seconds, scalar));
  const bytes = Buffer.concat([versionRecord(start), ...events]);
  return { path: `${folder}/events.out.tfevents.${Math.floor(start)}.samebits`, bytes };
}

function scalarsOf(run: TrainResult): (Scalar & { seconds: number })[] {
  let seconds = 0;
  return run.epochs.flatMap((epoch) => {
    seconds += epoch.seconds;
    return measuresOf(epoch).flatMap((one) =>
      one.value === null ? [] : [{ tag: tagOf(one), step: epoch.epoch, value: one.value, seconds }],
    );
  });
}

/** The curves of a result: a folder for each run, and one for the distances between the runs of each target. */
export function eventFiles({ result }: ReportedResult): EventFile[] {
  const { startedAt, definition } = result;
  return targetsOf(result).flatMap(([, { mode, runs, divergence }]) => {
    const folder = `${fileName(definition.model)}/${mode}`;
    const distances = divergence.perEpoch.flatMap(({ epoch, all }) =>
      (['meanUlp', 'differingBits', 'l2', 'l2Least', 'l2Largest'] as const).flatMap((key) => {
        const value = all[key];
        return value === null ? [] : [{ tag: `divergence/${key}`, step: epoch, value, seconds: epoch }];
      }),
    );
    const parting = (divergence.steps?.perStep ?? []).flatMap(({ step, epoch, all }) =>
      (['l2', 'l2Least', 'l2Largest', 'meanUlp', 'differing'] as const).flatMap((key) => {
        const value = all[key];
        return value === null ? [] : [{ tag: `divergence-steps/${key}`, step, value, seconds: epoch }];
      }),
    );
    return [
      ...runs.map((run, index) => eventFile(`${folder}-${index + 1}`, startedAt, scalarsOf(run))),
      eventFile(`${folder}-divergence`, startedAt, [...distances, ...parting]),
    ];
  });
}

/** The curves of trainings: a folder for each. */
export function trainingEvents(runs: readonly FoundRun[]): EventFile[] {
  return runs.map(({ name, result, startedAt }) => eventFile(fileName(name), startedAt, scalarsOf(result)));
}

/**
 * The curves as TensorBoard event files: TFRecords (length, its masked CRC-32C, data, its masked CRC-32C) that hold
 * messages `Event` of tensorflow/core/util/event.proto with one `Summary.Value` of simple_value each. A run is a folder;
 * wall times are the start of the experiment plus the seconds of the epochs, so equal results give equal files.
 */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { TrainResult } from '../../runs/index.js';
import { type ReportedResult, targetsOf } from '../book.js';
import { maskedCrc32c } from './crc32c.js';

/** One value of a curve. */
interface Scalar {
  tag: string;
  step: number;
  value: number;
}

/** A file below the folder `tensorboard`. */
export interface EventFile {
  path: string;
  bytes: Uint8Array;
}

function record(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  const checksum = (bytes: Uint8Array) => {
    const crc = Buffer.alloc(4);
    crc.writeUInt32LE(maskedCrc32c(bytes));
    return crc;
  };
  return Buffer.concat([length, checksum(length), data, checksum(data)]);
}

/** `Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }` */
const eventAt = (wallTime: number) => new BinaryWriter().tag(1, 1).double(wallTime);

/** `Summary { repeated Value value = 1; }`, `Value { string tag = 1; float simple_value = 2; }` */
function scalarEvent(wallTime: number, { tag, step, value }: Scalar): Uint8Array {
  const event = eventAt(wallTime).tag(2, 0).int64(step);
  event.tag(5, 2).fork().tag(1, 2).fork().tag(1, 2).string(tag).tag(2, 5).float(value).join().join();
  return event.finish();
}

function eventFile(folder: string, startedAt: string, scalars: readonly (Scalar & { seconds: number })[]): EventFile {
  const start = Date.parse(startedAt) / 1000;
  const version = eventAt(start).tag(3, 2).string('brain.Event:2').finish();
  const events = scalars.map(({ seconds, ...scalar }) => scalarEvent(start + seconds, scalar));
  const bytes = Buffer.concat([version, ...events].map(record));
  return { path: `${folder}/events.out.tfevents.${Math.floor(start)}.samebits`, bytes };
}

const curves = ['loss', 'accuracy', 'valLoss', 'valAccuracy'] as const;
const tags = { loss: 'loss', accuracy: 'accuracy', valLoss: 'validation/loss', valAccuracy: 'validation/accuracy' };

function scalarsOf(run: TrainResult): (Scalar & { seconds: number })[] {
  let seconds = 0;
  return run.epochs.flatMap((epoch) => {
    seconds += epoch.seconds;
    return curves.flatMap((curve) => {
      const value = epoch[curve];
      return value === null ? [] : [{ tag: tags[curve], step: epoch.epoch, value, seconds }];
    });
  });
}

/** The curves of a result: a folder for each run, and one for the distances between the runs of each target. */
export function eventFiles({ result }: ReportedResult): EventFile[] {
  const { startedAt, definition } = result;
  return targetsOf(result).flatMap(([, { mode, runs, divergence }]) => {
    const folder = `${definition.model}/${mode}`;
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

/**
 * The records of a TensorBoard event file: TFRecords (length, its masked CRC-32C, data, its masked CRC-32C) that hold
 * messages `Event` of tensorflow/core/util/event.proto, one value each.
 */
import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import { extraPackage } from '../lazy/index.js';
import { maskedCrc32c } from './crc32c.js';

const wire = extraPackage<typeof import('@bufbuild/protobuf/wire')>('tensorboard', '@bufbuild/protobuf/wire');

/** One value of a curve. */
export interface Scalar {
  tag: string;
  step: number;
  value: number;
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

/** `Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }` */
function eventAt(wallTime: number, step?: number): BinaryWriter {
  const event = new (wire().BinaryWriter)().tag(1, 1).double(wallTime);
  return step === undefined ? event : event.tag(2, 0).int64(step);
}

/** The first record of a file. Times are seconds since 1970. */
export const versionRecord = (wallTime: number): Buffer =>
  record(eventAt(wallTime).tag(3, 2).string('brain.Event:2').finish());

/**
 * Says that values from `step` on are told again: those of earlier files are dropped by readers.
 * `SessionLog { SessionStatus status = 1; }`, of which START is 1.
 */
export const startRecord = (wallTime: number, step: number): Buffer =>
  record(eventAt(wallTime, step).tag(7, 2).fork().tag(1, 0).int32(1).join().finish());

/** `Summary { repeated Value value = 1; }`, `Value { string tag = 1; float simple_value = 2; }` */
export function scalarRecord(wallTime: number, { tag, step, value }: Scalar): Buffer {
  const event = eventAt(wallTime, step);
  event.tag(5, 2).fork().tag(1, 2).fork().tag(1, 2).string(tag).tag(2, 5).float(value).join().join();
  return record(event.finish());
}

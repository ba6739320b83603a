/** Reads TensorBoard event files with protobufjs and a CRC-32C of its own: shares no code with the writer. */
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Value { string tag = 1; float simple_value = 2; }
  message Summary { repeated Value value = 1; }
  message SessionLog { int32 status = 1; }
  message Event {
    double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7;
  }
`);
const Event = root.lookupType('Event');

/** An event; fields that have their default are absent. */
export interface ReadEvent {
  wallTime: number;
  step?: number;
  fileVersion?: string;
  summary?: { value: { tag: string; simpleValue?: number }[] };
  sessionLog?: { status: number };
}

/** CRC-32C bit by bit, masked as TensorFlow does it. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** The events of a file. Throws for a checksum that is not right and for a record that is not whole. */
export function readEvents(bytes: Uint8Array): ReadEvent[] {
  const file = Buffer.from(bytes);
  const events: ReadEvent[] = [];
  const check = (at: number, data: Uint8Array) => {
    if (file.readUInt32LE(at) !== maskedCrc(data)) throw new Error(`wrong checksum at byte ${at}`);
  };
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    check(at + 8, file.subarray(at, at + 8));
    const data = file.subarray(at + 12, at + 12 + length);
    check(at + 12 + length, data);
    events.push(Event.toObject(Event.decode(data), { longs: Number }) as ReadEvent);
    at += length + 16;
  }
  return events;
}

/** The values of a curve by step. */
export function curveOf(events: readonly ReadEvent[], tag: string): [step: number, value: number][] {
  return events.flatMap(({ step = 0, summary }) =>
    (summary?.value ?? [])
      .filter((one) => one.tag === tag)
      .map(({ simpleValue = 0 }): [number, number] => [step, simpleValue]),
  );
}

/** Reads a trace: its records by kind, each checked against its chain, and where the file was cut. */
import { FileError, show } from '../errors/index.js';
import { type Pieces, piecesOf, reason, withPieces } from '../files/index.js';
import { dtypeBytes, sizeOf } from '../tensor/index.js';
import { type StoredTensor, valuesOf } from './bytes.js';
import { type Cut, eachFrame, headBytes } from './frames.js';
import {
  type ChainedRecord,
  chained,
  chainStart,
  decodeRecord,
  type EpochRecord,
  type OpRecord,
  type StepRecord,
  type TraceBegin,
  type ValuesRecord,
} from './records.js';
import { Sequence } from './sequence.js';

/** A record with the hash of its chain up to it. */
export type Linked<T> = T & { chain: string };

/** Where a training stands: `step` steps of the epoch after `epoch` whole ones are done. */
export interface Place {
  epoch: number;
  step: number;
}

/** What a trace holds. */
export interface Trace {
  path: string;
  /** Undefined when the file was cut before its first record was whole. */
  begin: TraceBegin | undefined;
  epochs: Linked<EpochRecord>[];
  steps: Linked<StepRecord>[];
  ops: Linked<OpRecord>[];
  /** Kept values, read from the trace where they are wanted: all of a step are gigabytes; see `keptValues`. */
  values: { record: ValuesRecord; bytes(): Buffer }[];
  cut: Cut | null;
  /** Whether its last record says that the training ended; a training that was stopped or killed leaves none. */
  ended: boolean;
  /** Length of the whole part of the file, in bytes. */
  end: number;
  /** Where each record begins, and its place in the training. */
  places: { begin: number; epoch: number; step: number }[];
}

/** The place of a record: an epoch's is after all its steps. */
export function placeOf(record: ChainedRecord | ValuesRecord): Place {
  return record.kind === 'epoch' ? { epoch: record.epoch, step: 0 } : { epoch: record.epoch - 1, step: record.step };
}

/** Whether a place is not after another. */
export const isCovered = (place: Place, by: Place): boolean =>
  place.epoch < by.epoch || (place.epoch === by.epoch && place.step <= by.step);

/** Calls `use` with the bytes of a trace's file. Throws FileError when it cannot be read. */
function opened<T>(path: string, use: (pieces: Pieces) => T): T {
  try {
    return withPieces(path, use);
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError({ who: 'trace', expected: `a trace ${show(path)}`, got: reason(cause) }, { cause });
  }
}

/** Reads a trace of any length. Throws FileError for a file that cannot be read, is no trace, or was altered. */
export const readTrace = (path: string): Trace =>
  opened(path, (pieces) => readRecords(pieces, path, (at, size) => opened(path, (again) => again.read(at, size))));

/** The trace in a file's bytes; `path` is for messages. */
export function parseTrace(bytes: Buffer, path: string): Trace {
  const pieces = piecesOf(bytes);
  return readRecords(pieces, path, pieces.read);
}

interface Lists {
  epoch: Trace['epochs'];
  step: Trace['steps'];
  op: Trace['ops'];
}

/** The trace in `pieces`; `later` reads bytes of it when they are not at hand any more. */
function readRecords(pieces: Pieces, path: string, later: Pieces['read']): Trace {
  const lists: Lists = { epoch: [], step: [], op: [] };
  const { epoch: epochs, step: steps, op: ops } = lists;
  const trace: Trace = {
    path,
    begin: undefined,
    epochs,
    steps,
    ops,
    values: [],
    cut: null,
    ended: false,
    end: 0,
    places: [],
  };
  const sequence = new Sequence();
  const refuse = (got: string, at: number): never => {
    throw new FileError({ who: 'trace', expected: `an unaltered trace ${show(path)}`, got: `${got} at byte ${at}` });
  };
  trace.cut = eachFrame(pieces, path, ({ payload, begin }) => {
    const { record, bytes } = decodeRecord(payload) ?? refuse('a record of another form', begin);
    const wrong = sequence.next(record);
    if (wrong !== undefined) refuse(wrong, begin);
    if (record.kind === 'begin') {
      trace.begin = record;
      return;
    }
    if (record.kind === 'end') {
      // After every place: a training that goes on cuts it off.
      trace.places.push({ begin, epoch: Number.POSITIVE_INFINITY, step: 0 });
      trace.ended = true;
      return;
    }
    trace.places.push({ begin, ...placeOf(record) });
    if (record.kind === 'values') {
      const [at, size] = [begin + headBytes + payload.length - bytes.length, bytes.length];
      trace.values.push({ record, bytes: () => later(at, size) });
      return;
    }
    const list = lists[record.kind] as Linked<ChainedRecord>[];
    const { chain, ...own } = record;
    const before = list.at(-1)?.chain ?? chainStart;
    if (chained(before, own as ChainedRecord) !== chain) refuse('a record that does not follow the one before', begin);
    list.push(record);
  });
  trace.end = trace.cut?.at ?? pieces.length;
  return trace;
}

/** The values kept of one tensor of a record; undefined where there are none. */
export function keptValues(trace: Trace, of: Omit<ValuesRecord, 'kind' | 'dtype' | 'shape'>): StoredTensor | undefined {
  const found = trace.values.find(
    ({ record }) =>
      record.of === of.of &&
      record.epoch === of.epoch &&
      record.step === of.step &&
      record.op === of.op &&
      record.name === of.name,
  );
  if (found === undefined) return undefined;
  const { name, dtype, shape } = found.record;
  const bytes = found.bytes();
  if (bytes.length !== sizeOf(shape) * dtypeBytes[dtype]) return undefined;
  return { name, dtype, shape, data: valuesOf(bytes, dtype) };
}

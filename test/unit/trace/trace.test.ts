// The file of a trace: cut at every byte it yields all whole records and says where it was cut, a changed byte is never
// read as something else, and a training that goes on leaves the bytes of one that never stopped.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  keptValues,
  type Place,
  parseTrace,
  readTrace,
  type StoredTensor,
  type Trace,
  type TraceBegin,
  TraceRecorder,
  treeOf,
} from '../../../lib/trace/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tensor = (name: string, ...values: number[]): StoredTensor => ({
  name,
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});
const begin: TraceBegin = {
  kind: 'begin',
  level: 'ops',
  values: 1,
  identity: { model: 'tiny', seed: 1 },
  target: 'cpu/scalar/deterministic',
  state: [['w', 'float32', [2]]],
  weights: [['w', 'float32', [2]]],
  gradients: [['w', 'float32', [2]]],
};
const epochs = 2;
const steps = 2;

/** Records a tiny training from `place` on, or from its first step. */
function record(path: string, place?: Place, value = 0.5): void {
  const recorder = new TraceRecorder(path, begin, place);
  if (place === undefined) recorder.epoch(0, treeOf([tensor('w', value)]));
  for (let epoch = (place?.epoch ?? 0) + 1; epoch <= epochs; epoch += 1) {
    const first = epoch === (place?.epoch ?? 0) + 1 ? (place?.step ?? 0) : 0;
    for (let step = first + 1; step <= steps; step += 1) {
      const keep = epoch === 1 && step === 1;
      const [x, y] = [tensor('x', epoch, step), tensor('y', value)];
      recorder.op(
        { epoch, step },
        'relu.forward',
        [
          { tensor: x, output: false },
          { tensor: y, output: true },
        ],
        keep,
      );
      recorder.op({ epoch, step }, 'sgd.update', [{ tensor: y, output: true }], keep);
      const [gradients, weights] = [[tensor('w', step)], [tensor('w', step + epoch)]];
      recorder.step({ epoch, step, loss: Number.NaN, gradients, weights }, keep);
    }
    recorder.epoch(epoch, treeOf([tensor('w', epoch)]));
  }
  recorder.end();
  recorder.close();
}

const path = join(folder, 'trace.bin');
let bytes: Buffer;
let whole: Trace;
beforeAll(() => {
  record(path);
  bytes = readFileSync(path);
  whole = readTrace(path);
});

/** All records of a trace, in a form that can be compared. */
const recordsOf = ({ begin, epochs, steps, ops, values, ended }: Trace) => [
  ...(ended ? ['end'] : []),
  ...(begin === undefined ? [] : [begin]),
  ...epochs,
  ...steps,
  ...ops,
  ...values.map(({ record, bytes }) => ({ ...record, bytes: bytes().toString('hex') })),
];

describe('a trace', () => {
  it('reads as it was written', () => {
    expect(whole).toMatchObject({ begin, cut: null, end: bytes.length, ended: true });
    expect(whole.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    expect(whole.steps.map(({ epoch, step, loss }) => [epoch, step, loss])).toEqual([
      [1, 1, 'NaN'],
      [1, 2, 'NaN'],
      [2, 1, 'NaN'],
      [2, 2, 'NaN'],
    ]);
    expect(whole.ops.map(({ step, op, kernel }) => [step, op, kernel])).toEqual(
      [1, 2, 1, 2].flatMap((step) => [
        [step, 1, 'relu.forward'],
        [step, 2, 'sgd.update'],
      ]),
    );
    const place = { epoch: 1, step: 1, op: 1, name: 'x' };
    expect(keptValues(whole, { of: 'op', ...place })).toEqual(tensor('x', 1, 1));
    expect(keptValues(whole, { of: 'op', ...place, step: 2 })).toBeUndefined();
  });

  it('cut at any byte yields every whole record and tells where it was cut', () => {
    const ends = new Set([...whole.places.map((place) => place.begin), bytes.length]);
    const all = recordsOf(whole).map((record) => JSON.stringify(record));
    let most = 0;
    for (let length = 0; length < bytes.length; length += 1) {
      const { cut, end, ...trace } = parseTrace(bytes.subarray(0, length), 'cut');
      const records = recordsOf({ cut, end, ...trace }).map((record) => JSON.stringify(record));
      expect(records.every((record) => all.includes(record))).toBe(true);
      // A record counts from the byte at which it is whole, and nothing is lost but what stands after it.
      const isEnd = ends.has(length);
      expect(cut === null).toBe(isEnd || length === 17);
      expect(length - end).toBe(cut?.lost ?? 0);
      expect(cut === null || cut.at === end).toBe(true);
      if (isEnd) expect(records.length).toBe(most + 1);
      else expect(records.length === most || records.length === 0).toBe(true);
      most = records.length;
    }
    expect(most).toBe(all.length - 1);
  });

  it('with one bit of any byte changed ends before it or is refused', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1 << (at % 8);
      let read: Trace;
      try {
        read = parseTrace(altered, 'altered');
      } catch (error) {
        expect(String(error)).toMatch(/^FileError: trace: expected a/);
        continue;
      }
      expect(read.cut).not.toBeNull();
      expect(read.end).toBeLessThanOrEqual(at);
    }
  });

  it('whose record was written anew with a checksum that fits does not follow the one before', async () => {
    const { frame } = await import('../../../lib/trace/frames.js');
    const begins = [...whole.places.map((place) => place.begin), bytes.length];
    const payloads = begins.slice(0, -1).map((begin, i) => bytes.subarray(begin + 8, begins[i + 1]!).toString());
    const at = payloads.findIndex((payload) => payload.includes('"loss":"NaN"'));
    const forged = frame(Buffer.from(payloads[at]!.replace('"loss":"NaN"', '"loss":"1"')));
    const file = Buffer.concat([bytes.subarray(0, begins[at]), forged, bytes.subarray(begins[at + 1])]);
    expect(() => parseTrace(file, 'forged')).toThrow(
      `trace: expected an unaltered trace 'forged', got a record that does not follow the one before at byte ${begins[at]}`,
    );
  });

  it('of more bytes than can be read at once is read as any other', () => {
    const long = join(folder, 'long.bin');
    copyFileSync(path, long);
    // A hole: zeros are no record, so this is a trace that was cut, with much lost behind the cut.
    const lost = 2 ** 31 + 5;
    truncateSync(long, bytes.length + lost);
    const { cut, ...read } = readTrace(long);
    expect(cut).toEqual({ at: bytes.length, lost, got: 'zeros' });
    expect(recordsOf({ ...read, cut })).toEqual(recordsOf(whole));
    rmSync(long);
  });

  it('without its last record is whole, but has not ended; nothing follows its end', () => {
    const last = whole.places.at(-1)!.begin;
    expect(parseTrace(bytes.subarray(0, last), 'killed')).toMatchObject({ cut: null, ended: false });
    const twice = Buffer.concat([bytes, bytes.subarray(last)]);
    expect(() => parseTrace(twice, 'twice')).toThrow(
      `trace: expected an unaltered trace 'twice', got a record out of its place at byte ${bytes.length}`,
    );
    const first = whole.places[0]!.begin;
    const emptied = Buffer.concat([bytes.subarray(0, first), bytes.subarray(last)]);
    expect(() => parseTrace(emptied, 'emptied')).toThrow(
      `trace: expected an unaltered trace 'emptied', got an end of other records at byte ${first}`,
    );
  });

  it('of format 1 is refused by what reads it', () => {
    const old = Buffer.from(bytes);
    old.write('samebits trace 1');
    expect(() => parseTrace(old, 'old')).toThrow(
      "trace: expected a trace of format 2 'old', got one of format 1; builds of samebits 0.1.0 with contract 1 read it",
    );
  });

  it('is no file of another kind', () => {
    expect(() => parseTrace(Buffer.from('{"a": 1}'), 'other')).toThrow(
      "trace: expected a trace 'other', got a file that begins otherwise",
    );
    expect(() => readTrace(join(folder, 'nowhere'))).toThrow(/^trace: expected a trace '.*nowhere', got ENOENT/);
  });
});

describe('a trace that is gone on with', () => {
  const places = [0, 1].flatMap((epoch) => [0, 1, 2].map((step) => ({ epoch, step })));

  it.each(places)('from epoch %o is the same bytes', (place) => {
    const copy = join(folder, `on-${place.epoch}-${place.step}.bin`);
    copyFileSync(path, copy);
    record(copy, place);
    expect(readFileSync(copy).equals(bytes)).toBe(true);
  });

  it('after a kill in the middle of a record is the same bytes', () => {
    const copy = join(folder, 'killed.bin');
    const at = whole.places.find(({ epoch, step }) => epoch === 1 && step === 1)!.begin;
    for (const length of [at, at + 3, at + 50]) {
      writeFileSync(copy, bytes.subarray(0, length));
      record(copy, { epoch: 1, step: 0 });
      expect(readFileSync(copy).equals(bytes)).toBe(true);
    }
  });

  it('that does not reach so far is refused', () => {
    const copy = join(folder, 'short.bin');
    const at = whole.places.find(({ epoch, step }) => epoch === 0 && step === 2)!.begin;
    writeFileSync(copy, bytes.subarray(0, at + 9));
    expect(() => record(copy, { epoch: 1, step: 1 })).toThrow(
      `trace: expected the trace '${copy}' to reach epoch 1 and 1 steps, got less, cut at ${at}`,
    );
  });

  it('control: with another value it is other bytes', () => {
    const copy = join(folder, 'control.bin');
    copyFileSync(path, copy);
    record(copy, { epoch: 1, step: 1 }, 0.25);
    expect(readFileSync(copy).equals(bytes)).toBe(false);
  });
});

// Files of a run with bytes flipped, cut or put in, and with values of their JSON replaced by any other: every reader reads
// them or refuses with an error of ours, never with a raw one.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piecesOf } from '../../lib/files/index.js';
import { diffRuns, parseTrace, readRun, SamebitsError, train } from '../../lib/index.js';
import { parseReceipt, readSafetensors, writeSafetensors } from '../../lib/runs/index.js';
import type { Receipt } from '../../lib/runs/receipt_form.js';
import { eachFrame, frame } from '../../lib/trace/frames.js';
import { small } from '../determinism/trainings.js';
import { sealed } from '../support/forge.js';
import { brokenBytes, brokenJson } from '../support/mutations.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-broken-'));
const run = join(folder, 'run');
const at = (...names: string[]) => join(folder, ...names);
beforeAll(() => train({ ...small, samples: 4, batchSize: 2, epochs: 1, trace: 'steps', out: run }), 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether a reader refused; an error of another class fails the test. */
function refuses(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(SamebitsError);
    return true;
  }
}

/** Draws changes and counts how many were refused. */
function refusals<T>(changes: fc.Arbitrary<T>, read: (changed: T) => unknown, numRuns: number): number {
  let count = 0;
  const property = fc.property(changes, (changed) => {
    if (refuses(() => read(changed))) count += 1;
  });
  fc.assert(property, { numRuns, seed: 22, endOnFailure: true });
  return count;
}

const bytesOf = (...names: string[]) => readFileSync(join(run, ...names));

describe('a receipt (seed 22)', () => {
  it('with other bytes is refused', () => {
    const whole = bytesOf('receipt.json');
    const changed = brokenBytes(whole).filter((bytes) => !bytes.equals(whole));
    expect(refusals(changed, (bytes) => parseReceipt(bytes, 'r'), 300)).toBe(300);
  });

  it('with any other values, hashed again, is read or refused', () => {
    const receipt = JSON.parse(bytesOf('receipt.json').toString()) as Receipt;
    const read = (value: unknown) =>
      parseReceipt(Buffer.from(typeof value === 'object' && value ? sealed(value as Receipt) : String(value)), 'r');
    // Much of a receipt is configs, which may hold anything until a network is made of them.
    expect(refusals(brokenJson(receipt), read, 500)).toBeGreaterThan(200);
  });

  it.each([
    ['imageSize', 2_000_000],
    ['imageSize', 2 ** 53],
    ['samples', 2 ** 40],
  ])('of %s %d is refused', (name, value) => {
    const receipt = JSON.parse(bytesOf('receipt.json').toString()) as Receipt;
    const forged = { ...receipt, options: { ...receipt.options, [name]: value } };
    expect(() => parseReceipt(Buffer.from(sealed(forged)), 'r')).toThrow(
      `receipt: expected an unaltered receipt 'r', got one whose options.${name} has another form`,
    );
  });

  it.each([
    [1, 'builds of samebits 0.1.0 with contract 1 read it'],
    [2, 'earlier builds of samebits 0.1.0 with contract 2 read it'],
    [4, 'a later version of samebits reads it'],
  ])('of format %i is refused by what reads it', (format, reader) => {
    const receipt = JSON.parse(bytesOf('receipt.json').toString()) as Receipt;
    expect(() => parseReceipt(Buffer.from(sealed({ ...receipt, format: format as 3 })), 'r')).toThrow(
      `receipt: expected a receipt of format 3 'r', got one of format ${format}; ${reader}`,
    );
  });
});

describe('a trace (seed 22)', () => {
  it('with other bytes is read to where it is whole, or refused', () => {
    refusals(brokenBytes(bytesOf('trace.bin')), (bytes) => parseTrace(Buffer.from(bytes), 't'), 300);
  });

  it('with any record of any values, its checksum fitting, is compared or refused', () => {
    const whole = bytesOf('trace.bin');
    const records: { payload: Buffer; begin: number }[] = [];
    eachFrame(piecesOf(whole), 't', (one) => records.push(one));
    const changes = fc.constantFrom(...records).chain(({ payload, begin }) => {
      const record: unknown = JSON.parse(payload.toString());
      return brokenJson(record).map((value) => {
        const line = Buffer.from(`${JSON.stringify(value) ?? ''}\n`);
        const after = whole.subarray(begin + 8 + payload.length);
        return Buffer.concat([whole.subarray(0, begin), frame(line), after]);
      });
    });
    const compare = (bytes: Buffer) => {
      mkdirSync(at('traced'), { recursive: true });
      writeFileSync(at('traced', 'trace.bin'), bytes);
      return [diffRuns(at('traced', 'trace.bin'), run), diffRuns(run, at('traced', 'trace.bin'))];
    };
    expect(refusals(changes, compare, 150)).toBeGreaterThan(100);
  });
});

describe('a checkpoint and a result (seed 22)', () => {
  it.each(['state', 'identity'])('whose %s has any values is compared or refused', (name) => {
    const file = readSafetensors(join(run, 'checkpoint.safetensors'));
    const value: unknown = JSON.parse(file.metadata[name]!);
    const to = at(`stopped-${name}`, 'checkpoint.safetensors');
    const compare = (changed: unknown) => {
      const metadata = { ...file.metadata, [name]: JSON.stringify(changed) ?? 'x' };
      writeSafetensors(to, { tensors: file.tensors.slice(0, 2), metadata });
      return [diffRuns(at(`stopped-${name}`), run), diffRuns(run, at(`stopped-${name}`)), diffRuns(to, to)];
    };
    expect(refusals(brokenJson(value), compare, 60)).toBeGreaterThan(10);
  });

  it('of any values is read or refused', () => {
    const value: unknown = JSON.parse(bytesOf('result.json').toString());
    mkdirSync(at('result'));
    cpSync(join(run, 'receipt.json'), at('result', 'receipt.json'));
    const read = (text: string | Buffer) => {
      writeFileSync(at('result', 'result.json'), text);
      return readRun(at('result'));
    };
    expect(refusals(brokenJson(value), (changed) => read(JSON.stringify(changed) ?? ''), 150)).toBeGreaterThan(10);
    expect(refusals(brokenBytes(bytesOf('result.json')), read, 150)).toBeGreaterThan(10);
  });

  it('that its receipt contradicts is refused', () => {
    const result = JSON.parse(bytesOf('result.json').toString());
    mkdirSync(at('swapped'));
    cpSync(join(run, 'receipt.json'), at('swapped', 'receipt.json'));
    const path = at('swapped', 'result.json');
    writeFileSync(path, JSON.stringify({ ...result, classNames: ['cats', 'bears'] }));
    expect(() => readRun(at('swapped'))).toThrow(
      `readRun: expected classNames ['bears', 'cats'] of its receipt in '${path}', got ['cats', 'bears']`,
    );
  });
});

// diff: the first difference of run folders, receipts, traces, checkpoints and weights alike; equal runs; what is refused.

import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piecesOf } from '../../lib/files/index.js';
import { diffRuns, readSafetensors, type TrainOptions, train, writeSafetensors } from '../../lib/index.js';
import { eachFrame, type Frame, frame } from '../../lib/trace/frames.js';
import { small } from '../determinism/trainings.js';
import { samebits } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-diff-'));
const at = (...names: string[]) => join(folder, ...names);
const options: TrainOptions = { ...small, samples: 6, batchSize: 3 };
afterAll(() => rmSync(folder, { recursive: true }));

const run = (name: string, changes: Partial<TrainOptions> = {}) => train({ ...options, ...changes, out: at(name) });

/** Copies a weights file with the last value of one tensor moved up by so many units in the last place. */
function moved(from: string, to: string, name: string, ulp: number): number[] {
  const { tensors, metadata } = readSafetensors(from);
  const tensor = tensors.find((one) => one.name === name)!;
  const words = new Int32Array(tensor.data.buffer);
  words[words.length - 1]! += ulp;
  writeSafetensors(to, { tensors, metadata });
  return tensor.shape.map((length) => length - 1);
}

/** A run stopped before its last step and gone on with from a checkpoint of which one weight was changed. */
async function altered(name: string, changes: Partial<TrainOptions>): Promise<string> {
  const stop = new AbortController();
  const onStep = ({ epoch, step }: { epoch: number; step: number }) =>
    epoch === 2 && step === 1 && stop.abort(new Error('stopped'));
  const out = at(name);
  await expect(train({ ...options, ...changes, out }, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
  const file = join(out, 'checkpoint.safetensors');
  moved(file, file, 'conv2d/kernel', 1 << 16);
  await train({ ...options, resume: out });
  return out;
}

beforeAll(async () => {
  await run('a', { trace: 'steps' });
  await run('b', { trace: 'steps', threads: 1 });
  await run('plain');
  await run('other', { seed: 1002, trace: 'steps' });
});

describe('equal', () => {
  it('two deterministic runs, traced or not', () => {
    expect(diffRuns(at('a'), at('b'))).toEqual({
      equal: true,
      a: at('a'),
      b: at('b'),
      compared: { what: 'steps', count: 4 },
      counts: [4, 4],
      finished: [true, true],
      shorter: null,
      cuts: [null, null],
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
      difference: null,
    });
    expect(diffRuns(at('a'), at('plain'))).toMatchObject({ equal: true, compared: { what: 'steps', count: 4 } });
  });

  it('their receipts, traces, checkpoints and weights', () => {
    expect(diffRuns(at('a', 'receipt.json'), at('plain', 'receipt.json')).equal).toBe(true);
    expect(diffRuns(at('a', 'trace.bin'), at('b')).equal).toBe(true);
    const tensors = { equal: true, compared: { what: 'tensors', count: 24 } };
    expect(diffRuns(at('a', 'checkpoint.safetensors'), at('b', 'checkpoint.safetensors'))).toMatchObject(tensors);
    const weights = (name: string) => at(name, 'weights', 'epoch-0002.safetensors');
    expect(diffRuns(weights('a'), weights('b'))).toMatchObject({ equal: true, compared: { count: 12 } });
  });
});

describe('one that ends first', () => {
  it('is no equal run, though nothing differs as far as both go', async () => {
    await run('short', { epochs: 1 });
    expect(diffRuns(at('short'), at('plain'))).toMatchObject({
      equal: false,
      difference: null,
      shorter: 'a',
      compared: { what: 'epochs', count: 1 },
      counts: [1, 2],
    });
    const cut = at('cut.bin');
    copyFileSync(at('a', 'trace.bin'), cut);
    const size = readFileSync(cut).length - 10;
    truncateSync(cut, size);
    const found = diffRuns(at('b', 'trace.bin'), cut);
    expect(found).toMatchObject({
      equal: false,
      shorter: 'b',
      finished: [true, false],
      compared: { what: 'steps', count: 4 },
      cuts: [null, expect.any(Number)],
    });
    const told = samebits(['diff', at('b', 'trace.bin'), cut]);
    expect(told.code).toBe(3);
    expect(told.stdout).toMatch(/^B ends first: no difference in 4 steps\n/);
    expect(told.stdout).toContain(`the training of B did not end\nthe trace of B was cut at byte ${found.cuts[1]}`);
  });
});

describe('a trace cut behind any of its records', () => {
  it('ends first, from its first record on, and never reads as whole', () => {
    const path = at('a', 'trace.bin');
    const bytes = readFileSync(path);
    const ends: number[] = [];
    eachFrame(piecesOf(bytes), path, ({ payload, begin }) => ends.push(begin + 8 + payload.length));
    for (const [i, end] of ends.slice(0, -1).entries()) {
      const cut = at(`cut-${i}.bin`);
      writeFileSync(cut, bytes.subarray(0, end));
      expect(diffRuns(path, cut)).toMatchObject({ equal: false, difference: null, shorter: 'b', cuts: [null, null] });
      expect(diffRuns(cut, path)).toMatchObject({ equal: false, difference: null, shorter: 'a' });
      expect(diffRuns(cut, cut)).toMatchObject({ equal: true, shorter: null, finished: [false, false] });
    }
  });
});

describe('trainings that were stopped', () => {
  const stopAfter = async (name: string, last: number, changes: Partial<TrainOptions> = {}) => {
    const stop = new AbortController();
    let steps = 0;
    const onStep = () => {
      steps += 1;
      if (steps === last) stop.abort(new Error('stopped'));
    };
    const training = train({ ...options, ...changes, out: at(name) }, { onStep, signal: stop.signal });
    await expect(training).rejects.toThrow('stopped');
  };

  it('are compared by the steps they took and by what they stopped with, without a trace too', async () => {
    await stopAfter('stopped-1', 1);
    await stopAfter('stopped-2', 2);
    await stopAfter('stopped-1-again', 1);
    expect(diffRuns(at('stopped-1'), at('stopped-2'))).toMatchObject({ equal: false, shorter: 'a', counts: [1, 2] });
    expect(diffRuns(at('stopped-2'), at('plain'))).toMatchObject({
      equal: false,
      shorter: 'a',
      finished: [false, true],
    });
    expect(diffRuns(at('stopped-1'), at('stopped-1-again'))).toMatchObject({ equal: true, finished: [false, false] });
    const [file, to] = [
      at('stopped-1-again', 'checkpoint.safetensors'),
      at('stopped-1-again', 'checkpoint.safetensors'),
    ];
    moved(file, to, 'conv2d/kernel', 1);
    expect(diffRuns(at('stopped-1'), at('stopped-1-again'))).toMatchObject({
      equal: false,
      shorter: null,
      difference: { epoch: 1, step: 1, of: 'state', tensor: 'conv2d/kernel', element: { ulp: 1 } },
    });
  });
});

describe('the first difference', () => {
  const state = { epoch: 0, step: null, operation: null, of: 'state', tensor: 'conv2d/kernel', element: null };

  it('of runs of two seeds is before the first step, and the saved weights show its values', () => {
    const { equal, difference } = diffRuns(at('a'), at('other'));
    expect({ equal, difference }).toMatchObject({ equal: false, difference: state });
    expect(diffRuns(at('a', 'receipt.json'), at('other', 'receipt.json')).difference).toMatchObject(state);
    expect(diffRuns(at('a', 'trace.bin'), at('other', 'trace.bin')).difference).toMatchObject(state);
  });

  it('of weights is the element, with both values and their distance', () => {
    const from = at('a', 'weights', 'epoch-0002.safetensors');
    const place = moved(from, at('moved.safetensors'), 'conv2d_1/kernel', 3);
    const { difference } = diffRuns(from, at('moved.safetensors'));
    expect(difference).toMatchObject({
      epoch: null,
      of: 'tensors',
      tensor: 'conv2d_1/kernel',
      tensors: { differing: 1, all: 12 },
      element: { at: place, ulp: 3, differing: 1, elements: 3 * 3 * 32 * 64 },
    });
    const { a, b } = difference!.element!;
    const value = (hex: string) => new Float32Array(Uint32Array.of(Number(hex)).buffer)[0];
    expect(Number(b.hex) - Number(a.hex)).toBe(3);
    for (const { hex, decimal } of [a, b]) expect(Math.fround(Number(decimal))).toBe(value(hex));
  });

  it('of a run gone on with from an altered checkpoint is the gradient of the next step', async () => {
    const out = await altered('altered', { trace: 'steps' });
    const { difference } = diffRuns(at('a'), out);
    expect(difference).toMatchObject({ epoch: 2, step: 2, of: 'gradients', element: null });
    expect(difference!.saved).toMatchObject({ epoch: 2, element: { ulp: expect.any(Number) } });
    expect(difference!.saved!.element.ulp).toBeGreaterThan(0);
  });

  it('is told as text, JSON and a page that holds the values', () => {
    const [from, to, page] = [at('a', 'weights', 'epoch-0002.safetensors'), at('moved.safetensors'), at('page.html')];
    const { code, stdout, stderr } = samebits(['diff', from, to, '--html', page]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /^first difference: in the files, conv2d_1\/kernel\nA {2}.*\nB {2}.*\n1 of 12 tensors differ there\nelement \[2, 2, 31, 63\] of conv2d_1\/kernel \[3, 3, 32, 64\]\nA {2}-?0\.\d+ {2}0x[0-9a-f]{8}\nB .*\n3 ulp apart; 1 of 18432 elements differ\n$/,
    );
    const found = JSON.parse(samebits(['diff', from, to, '--json']).stdout);
    const format = { name: 'samebits-diff', version: 1 };
    const plain = JSON.parse(JSON.stringify(diffRuns(from, to)));
    expect(found).toEqual({ format, ...plain, replay: null, noReplay: null });
    const html = readFileSync(page, 'utf8');
    for (const { hex, decimal } of [found.difference.element.a, found.difference.element.b]) {
      expect(html).toContain(hex);
      expect(html).toContain(decimal);
    }
    expect(html).not.toMatch(/<script|https?:\/\//);
    const same = samebits(['diff', at('a'), at('b')]);
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toMatch(/^no difference in 4 steps\nA {2}.*\nB {2}.*\nroot {2}[0-9a-f]{64}\n$/);
  });
});

describe('refused are', () => {
  it('kept values that are not those that were hashed', async () => {
    const values = { trace: 'steps', traceValues: 4 } as const;
    await run('valued', values);
    await altered('valued-altered', values);
    const { difference } = diffRuns(at('valued'), at('valued-altered'));
    expect(difference).toMatchObject({ epoch: 2, step: 2, of: 'gradients', element: { ulp: expect.any(Number) } });
    const path = at('valued', 'trace.bin');
    const bytes = readFileSync(path);
    const kept = `"of":"gradients","epoch":2,"step":2,"op":0,"name":"${difference!.tensor}"`;
    const frames: Frame[] = [];
    eachFrame(piecesOf(bytes), path, (one) => frames.push(one));
    const { payload, begin } = frames.find((one) => one.payload.includes(kept))!;
    const forged = Buffer.from(payload);
    forged[forged.length - 1]! ^= 1;
    const after = bytes.subarray(begin + 8 + payload.length);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, begin), frame(forged), after]));
    expect(() => diffRuns(at('valued'), at('valued-altered'))).toThrow(
      `trace: expected an unaltered trace '${path}', got other values of '${difference!.tensor}' in step 2 of epoch 2`,
    );
  });

  it('runs of another data set, model, image or batch size, in one line', async () => {
    await run('more', { samples: 8 });
    await run('batch', { batchSize: 2 });
    const data = (name: string) => JSON.parse(readFileSync(at(name, 'receipt.json'), 'utf8')).dataHash;
    expect(samebits(['diff', at('a'), at('more')])).toEqual({
      code: 2,
      stdout: '',
      stderr: `samebits: diff: expected two results of one set of samples ('${data('a')}'), got '${data('more')}'\n`,
    });
    expect(() => diffRuns(at('a'), at('batch'))).toThrow('diff: expected two results of one batch size (3), got 2');
    await run('xception', { model: 'mini_xception', epochs: 1 });
    expect(() => diffRuns(at('a'), at('xception', 'checkpoint.safetensors'))).toThrow(
      'diff: expected two runs or two files of tensors, got a run and tensors',
    );
    expect(() => diffRuns(at('a', 'checkpoint.safetensors'), at('xception', 'checkpoint.safetensors'))).toThrow(
      "diff: expected two results of one model ('keras_convnet'), got 'mini_xception'",
    );
  });

  it('weights of other names, and a run that is not there', () => {
    const weights = at('a', 'weights', 'epoch-0001.safetensors');
    const { tensors, metadata } = readSafetensors(weights);
    writeSafetensors(at('fewer.safetensors'), { tensors: tensors.slice(1), metadata });
    expect(() => diffRuns(weights, at('fewer.safetensors'))).toThrow(
      "diff: expected tensor 0 to be 'conv2d/kernel' float32 [3, 3, 3, 32] in both files, got 'conv2d/bias' float32 [32]",
    );
    mkdirSync(at('empty'));
    const what = 'diff: expected a run folder, receipt, trace, checkpoint or safetensors file, got';
    expect(() => diffRuns(at('empty'), at('a'))).toThrow(`${what} the folder '${at('empty')}' without any`);
    writeFileSync(at('text'), 'something else');
    expect(() => diffRuns(at('text'), at('a'))).toThrow(/^safetensors: expected a whole file/);
  });
});

describe('a training killed while it traces', () => {
  it('leaves a trace that reads, and goes on to the bytes of one that was not killed', async () => {
    const args = ['--model', 'keras_convnet', '--data', 'synthetic', '--samples', '6', '--image-size', '78'];
    const more = ['--epochs', '2', '--batch-size', '3', '--threads', '2', '--seed', '1001', '--trace', 'steps'];
    await new Promise<void>((resolve) => {
      const child = spawn(process.execPath, ['dist/cli/main.js', 'train', ...args, ...more, '--out', at('killed')]);
      child.stderr.setEncoding('utf8').on('data', (text: string) => /epoch 1\/2/.test(text) && child.kill('SIGKILL'));
      child.on('close', () => resolve());
    });
    expect(diffRuns(at('a'), at('killed'))).toMatchObject({ equal: false, difference: null, shorter: 'b' });
    expect(samebits(['train', '--resume', at('killed')]).code).toBe(0);
    expect(readFileSync(at('killed', 'trace.bin')).equals(readFileSync(at('a', 'trace.bin')))).toBe(true);
  });
});

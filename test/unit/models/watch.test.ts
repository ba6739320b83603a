// What a fit tells beside its callbacks: TensorBoard event files that grow while it runs, and progress on stderr.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createRuntime, type FitOptions, weightsHash } from '../../../lib/index.js';
import { curveOf, type ReadEvent, readEvents } from '../../support/event_records.js';
import { compileOptions, halves, small } from './small_model.js';

const runtime = createRuntime({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-events-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

/** The events in a folder, file by file in the order of their names. */
const filesIn = (path: string): ReadEvent[][] =>
  readdirSync(path)
    .sort()
    .map((name) => readEvents(readFileSync(join(path, name))));

const compiled = () => small().compile(compileOptions(runtime));

describe('fit with tensorboard', () => {
  it('writes the loss of each step and the means of each epoch', async () => {
    const path = join(folder, 'new', 'events');
    const losses: number[] = [];
    const options: FitOptions = {
      ...{ epochs: 2, batchSize: 16, validationData: halves(8), tensorboard: path },
      callbacks: { onBatchEnd: ({ loss }) => void losses.push(Math.fround(loss)) },
    };
    const history = await compiled().fit(halves(40), options);
    const [events, ...more] = filesIn(path);
    expect(more).toEqual([]);
    expect(events![0]).toEqual({ wallTime: expect.any(Number), fileVersion: 'brain.Event:2' });
    expect(curveOf(events!, 'batch/loss')).toEqual(losses.map((loss, i) => [i + 1, loss]));
    expect(losses).toHaveLength(6);
    const tags = { loss: 'loss', accuracy: 'accuracy', valLoss: 'validation/loss', valAccuracy: 'validation/accuracy' };
    for (const [name, tag] of Object.entries(tags)) {
      const expected = history.map(({ epoch, logs }) => [epoch + 1, Math.fround(logs[name]!)]);
      expect(curveOf(events!, tag)).toEqual(expected);
    }
    const times = events!.map(({ wallTime }) => wallTime);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(events!.filter(({ sessionLog }) => sessionLog !== undefined)).toEqual([]);
  });

  it('can be read while it runs: after each epoch, and every 20 steps', async () => {
    const path = join(folder, 'growing');
    const seen: number[] = [];
    const onBatchEnd = () => void seen.push(curveOf(filesIn(path)[0]!, 'batch/loss').length);
    await compiled().fit(halves(44), { epochs: 2, batchSize: 2, tensorboard: path, callbacks: { onBatchEnd } });
    const flushed = (steps: number) => Math.max(20 * Math.floor(steps / 20), steps > 22 ? 22 : 0);
    expect(seen).toEqual(Array.from({ length: 44 }, (_, i) => flushed(i + 1)));
  });

  it('goes on in a new file, with the numbers of its steps and where earlier values end', async () => {
    const path = join(folder, 'resumed');
    const whole = compiled();
    await whole.fit(halves(40), { epochs: 3, batchSize: 16, tensorboard: join(folder, 'whole') });
    const net = compiled();
    await net.fit(halves(40), { epochs: 1, batchSize: 16, tensorboard: path });
    await net.fit(halves(40), { epochs: 2, batchSize: 16, tensorboard: path });
    const [first, second, ...more] = filesIn(path);
    expect(more).toEqual([]);
    expect(second![1]).toEqual({ wallTime: expect.any(Number), step: 4, sessionLog: { status: 1 } });
    const [all] = filesIn(join(folder, 'whole'));
    for (const tag of ['batch/loss', 'loss', 'accuracy']) {
      expect([...curveOf(first!, tag), ...curveOf(second!, tag)]).toEqual(curveOf(all!, tag));
    }
    expect(weightsHash(net)).toBe(weightsHash(whole));
  });

  it('keeps what was told where the training ends early', async () => {
    const path = join(folder, 'stopped');
    const stop = new AbortController();
    const onBatchEnd = () => stop.abort(new Error('enough'));
    const fit = compiled().fit(halves(40), { tensorboard: path, signal: stop.signal, callbacks: { onBatchEnd } });
    await expect(fit).rejects.toThrow('enough');
    expect(curveOf(filesIn(path)[0]!, 'batch/loss')).toHaveLength(1);
  });

  it('leaves nothing where no step is taken', async () => {
    const path = join(folder, 'nothing', 'below');
    const onEpochBegin = () => {
      throw new Error('not today');
    };
    await expect(compiled().fit(halves(40), { tensorboard: path, callbacks: { onEpochBegin } })).rejects.toThrow();
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  it('changes no bit of what is learnt', async () => {
    const [told, silent] = [compiled(), compiled()];
    await told.fit(halves(40), { tensorboard: join(folder, 'told'), epochs: 2 });
    await silent.fit(halves(40), { epochs: 2 });
    expect(weightsHash(told)).toBe(weightsHash(silent));
  });

  it('refuses what is no folder before any step', async () => {
    const net = compiled();
    const learn = (tensorboard: unknown) => net.fit(halves(4), { tensorboard: tensorboard as string });
    await expect(learn(true)).rejects.toThrow('fit: expected tensorboard to be a folder, got true');
    await expect(learn('')).rejects.toThrow("fit: expected tensorboard to be a folder, got ''");
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(learn(file)).rejects.toThrow(
      `fit: expected to be able to write in '${file}', got EEXIST: file already exists`,
    );
    expect(net.iterations).toBe(0);
  });
});

describe('fit with verbose', () => {
  it('says a line an epoch on stderr for 2, and nothing unless it is asked for', async () => {
    const lines: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    try {
      await compiled().fit(halves(40), { epochs: 2 });
      expect(lines).toEqual([]);
      const net = compiled();
      const [epoch] = await net.fit(halves(40), { verbose: 2 });
      const { logs } = epoch!;
      await net.fit(halves(40), { verbose: 2, epochs: 2 });
      const [first, second, third] = lines;
      const [loss, accuracy] = [logs['loss']!.toFixed(4), logs['accuracy']!.toFixed(3)];
      expect(first).toMatch(/^epoch 1\/1 {2}loss \S+ {2}accuracy \S+ {2}\d+\.\d s\n$/);
      expect(first!.startsWith(`epoch 1/1  loss ${loss}  accuracy ${accuracy}  `)).toBe(true);
      expect([second, third].map((line) => line!.slice(0, 9))).toEqual(['epoch 2/3', 'epoch 3/3']);
    } finally {
      write.mockRestore();
    }
  });

  it('refuses other words before any step', async () => {
    const net = compiled();
    await expect(net.fit(halves(4), { verbose: 3 as never })).rejects.toThrow(
      "fit: expected verbose to be 0, 1, 2 or 'auto', got 3",
    );
    expect(net.iterations).toBe(0);
  });
});

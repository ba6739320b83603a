// A training that tells TensorBoard while it runs: stopped and gone on with, its files hold what one that never stopped
// writes.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { train } from '../../../lib/index.js';
import { kSteps, small } from '../../determinism/trainings.js';
import { curveOf, readEvents } from '../../support/event_records.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-live-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...path: string[]) => join(folder, ...path);

/** The curve of a tag, file by file in the order of their names. */
const curves = (path: string, tag: string) =>
  readdirSync(path)
    .sort()
    .map((name) => curveOf(readEvents(readFileSync(join(path, name))), tag));

it('writes steps and epochs, and goes on in a new file of the folder it has', async () => {
  const losses: number[] = [];
  const whole = await train({ ...small, tensorboard: at('whole') }, { onStep: ({ loss }) => void losses.push(loss) });
  const stop = new AbortController();
  const onStep = ({ epoch, step }: { epoch: number; step: number }) => {
    if (epoch === 2 && step === 1) stop.abort(new Error('stopped'));
  };
  const begun = train({ ...small, out: at('run'), tensorboard: at('events') }, { onStep, signal: stop.signal });
  await expect(begun).rejects.toThrow('stopped');
  const resumed = await train({ resume: at('run') });
  expect(resumed.weightsHash).toBe(whole.weightsHash);
  const steps = losses.map((loss, i): [number, number] => [i + 1, Math.fround(loss)]);
  expect(steps).toHaveLength(kSteps);
  expect(curves(at('whole'), 'batch/loss')).toEqual([steps]);
  expect(curves(at('events'), 'batch/loss')).toEqual([steps.slice(0, 4), steps.slice(4)]);
  const tags = [
    ['loss', 'loss'],
    ['accuracy', 'accuracy'],
    ['validation/loss', 'valLoss'],
    ['validation/accuracy', 'valAccuracy'],
  ] as const;
  for (const [tag, name] of tags) {
    const values = whole.epochs.map((epoch) => [epoch.epoch, Math.fround(epoch[name] as number)]);
    expect(curves(at('whole'), tag)).toEqual([values]);
    expect(curves(at('events'), tag)).toEqual([values.slice(0, 1), values.slice(1)]);
  }
});

it('is refused before any work for what is no folder, and leaves none behind where the data are refused', async () => {
  await expect(train({ ...small, tensorboard: '' })).rejects.toThrow(
    "train: expected tensorboard to be a folder, got ''",
  );
  await expect(train({ ...small, data: at('nowhere'), tensorboard: at('unused') })).rejects.toThrow(/nowhere/);
  expect(existsSync(at('unused'))).toBe(false);
});

// Every command that writes into a folder claims it before any work: a folder that another process holds, or that cannot be
// written in, is refused at once, and nothing in it is touched.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runExperiment } from '../../lib/experiments/index.js';
import { plannedTrials } from '../../lib/experiments/trials.js';
import { type Claim, claimFolder } from '../../lib/files/index.js';
import type { TrialProgress } from '../../lib/progress/index.js';
import { samebits } from '../support/cli.js';
import { definition, fakeRunner } from '../support/fixtures.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-claims-'));
afterAll(() => rmSync(folder, { recursive: true }));

// A folder of pictures that holds none: a command that reads it before it claims its own folder says so.
const data = join(folder, 'pictures');
mkdirSync(data);
const training = ['--model', 'keras_convnet', '--data', data, '--image-size', '78'];
const picture = join(folder, 'picture.png');
writeFileSync(picture, '');

const commands: [string, string[], string][] = [
  ['train', ['train', ...training], 'train'],
  ['compare of one model', ['compare', ...training], '--out'],
  ['compare of two models', ['compare', '--model', 'keras_convnet,mini_xception', ...training.slice(2)], '--out'],
  ['attribute', ['attribute', ...training, '--steps', '1'], '--out'],
  ['gradcam', ['gradcam', '--run', data, '--image', picture], '--out'],
  ['gradcam --pairs', ['gradcam', '--run', data, '--pairs', picture], '--out'],
];

describe.each(commands)('%s', (name, args, who) => {
  const out = join(folder, name.replaceAll(' ', '_'));

  it('is refused a folder that another process works in', () => {
    using _claim = claimFolder('test', out);
    const { code, stdout, stderr } = samebits([...args, '--out', out]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `^samebits: ${who}: expected a folder that no other process works in, got '${out}', held by process ` +
          `${process.pid} of host '${hostname()}' since \\S+; wait until it has ended, or choose another folder\\n$`,
      ),
    );
    expect(readdirSync(out)).toEqual(['owner.json']);
  });

  it('is refused a folder that cannot be made, and one of its own is gone when it fails', () => {
    const { code, stdout, stderr } = samebits([...args, '--out', join(picture, 'out')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`samebits: ${who}: expected to make '${join(picture, 'out')}', got ENOTDIR: not a directory\n`);
    expect(samebits([...args, '--out', out]).code).toBeGreaterThan(0);
    expect(existsSync(out)).toBe(false);
  });
});

describe('two experiments in one folder', () => {
  it('do not meet: the second is refused while the first runs, whose trials stay', async () => {
    const out = join(folder, 'experiment');
    const refused: Promise<void>[] = [];
    const onTrial = () =>
      refused.push(
        expect(runExperiment(definition, fakeRunner(out))).rejects.toThrow(
          `runExperiment out: expected a folder that no other process works in, got '${out}', held by process ${process.pid} of host `,
        ),
      );
    const result = await runExperiment(definition, fakeRunner(out), { onTrial });
    await Promise.all(refused);
    expect(refused).toHaveLength(4);
    expect(readdirSync(out)).not.toContain('owner.json');
    expect(result.targets['cpu/scalar/atomic']!.runs).toHaveLength(2);
  });

  it('do not meet in a trial either: one whose training still runs is left alone, and gone on with when it has ended', async () => {
    const out = join(folder, 'orphan');
    const { folder: name, options } = plannedTrials(definition)[2]!;
    const trial = join(out, name);
    let claim: Claim | undefined;
    const onTrialDone = () => {
      claim ??= claimFolder('train', trial);
      writeFileSync(join(trial, 'settings.json'), JSON.stringify(options));
    };
    await expect(runExperiment(definition, fakeRunner(out), { onTrialDone })).rejects.toThrow(
      `compare: expected a folder that no other process works in, got '${trial}', held by process ${process.pid} of host `,
    );
    expect(readdirSync(trial).sort()).toEqual(['owner.json', 'settings.json']);
    expect(readdirSync(out).sort()).toEqual(['atomic-01', 'atomic-02', 'deterministic-01', name, 'experiment.json']);
    claim!.release();
    const notes: unknown[] = [];
    const onProgress = (message: TrialProgress) => message.kind === 'note' && notes.push(message.note);
    await runExperiment(definition, fakeRunner(out), { onProgress });
    expect(notes).toEqual([`going on with ${name}`]);
    expect(readdirSync(trial)).toContain('result.json');
  });
});

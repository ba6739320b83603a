// Room on the disk: what is said of a large folder, what is refused, and how that is gone on with. The commands are asked for more
// epochs than the disk has room for, so that what they refuse is real.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesText } from '../../../lib/cli/bytes.js';
import { freeBytes, spaceLine } from '../../../lib/cli/space.js';
import type { RunSize } from '../../../lib/progress/index.js';
import { Space } from '../../../lib/trials/space.js';
import type { PlannedTrial } from '../../../lib/trials/trial.js';
import { temporaryFolder } from '../../data/pictures.js';
import { samebits } from '../../support/cli.js';

afterEach(() => vi.unstubAllEnvs());

const planned = (bytes: number) => ({
  ...{ who: 'train', folder: 'runs/a', bytes, of: 'run folder', smaller: 'ask for fewer epochs' },
});

describe('what is said of a folder', () => {
  it('is nothing for a small one, and a line for a large one', () => {
    expect(spaceLine(planned(99e6), 1e9)).toBeUndefined();
    expect(spaceLine(planned(123.4e6), 5e9)).toBe('run folder: about 123.4 MB in runs/a, 5.0 GB free');
  });

  it('is one error where it cannot fit, which says how to go on', () => {
    expect(() => spaceLine(planned(2.5e12), 5e9)).toThrow(
      "train: expected about 2.5 TB free for the run folder in 'runs/a', got 5.0 GB; ask for fewer epochs, or give another --out; SAMEBITS_SPACE=unchecked goes on all the same",
    );
    expect(() => spaceLine(planned(20e3), 10e3)).toThrow('got 10.0 kB');
    vi.stubEnv('SAMEBITS_SPACE', 'unchecked');
    expect(spaceLine(planned(20e3), 10e3)).toBe('run folder: about 20.0 kB in runs/a, 10.0 kB free');
  });

  it('counts what the file system of a folder that is not there yet has left', () => {
    const folder = temporaryFolder();
    const told = execFileSync('df', ['--output=avail', '-B1', folder], { encoding: 'utf8' }).trim().split('\n')[1];
    // Others write there, too.
    expect(Math.abs(freeBytes(join(folder, 'not', 'there')) / Number(told) - 1)).toBeLessThan(0.05);
    expect(bytesText(1e6)).toBe('1.0 MB');
  });
});

describe('the space of trials', () => {
  const trial = (name: string, mode: 'deterministic' | 'atomic', run: number) =>
    ({
      ...{ folder: `${name}-${mode}-${run}`, configuration: { name }, mode, leastThreads: 1 },
      options: { model: name, mode, seed: run, epochs: 10 },
    }) as PlannedTrial;
  const size: RunSize = {
    ...{ bytes: 1600, weights: 1000, checkpoint: 200, checkpoints: 0, steps: 300, trace: 60, others: 40 },
  };
  const trials = ['a', 'b'].flatMap((name) => [1, 2, 3].map((run) => trial(name, 'deterministic', run)));

  it('is known of the kinds of trials that have told, each once', () => {
    const space = new Space(1, false);
    expect(space.neededBy(trials)).toEqual({ bytes: 0, trials: 0, unknown: 6 });
    expect([space.note(trials[0]!, size), space.note(trials[1]!, size)]).toEqual([true, false]);
    expect(space.neededBy(trials)).toEqual({ bytes: 3 * 1600, trials: 3, unknown: 3 });
    expect([space.note(trial('a', 'atomic', 1), size), space.note(trial('b', 'atomic', 1), size)]).toEqual([
      false,
      true,
    ]);
  });

  it('is that of pruned trials and of those that run, where they are pruned', () => {
    const space = new Space(2, true);
    space.note(trials[0]!, size);
    space.note(trial('a', 'atomic', 1), size);
    const kept = 100 + 60 + 40;
    expect(space.neededBy(trials).bytes).toBe(3 * kept + 2 * (1600 - kept));
    expect(space.neededBy([trial('a', 'atomic', 1)]).bytes).toBe(1600);
  });
});

describe('a command that is asked for more than there is room for', () => {
  const small = ['--model', 'lenet5', '--data', 'synthetic', '--samples', '4', '--image-size', '32', '--threads', '2'];
  /** Epochs of which one training fits, and four do not. */
  const epochsFor = (share: number) => Math.floor((share * freeBytes('.')) / 334_000);

  it('train refuses before it writes, and leaves nothing', () => {
    const out = join(temporaryFolder(), 'run');
    const { code, stdout, stderr } = samebits(['train', ...small, '--epochs', String(epochsFor(3)), '--out', out]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^samebits: train: expected about [\d.]+ [GT]B free for the run folder in '.*', got [\d.]+ [GT]B; ask for fewer epochs,.* SAMEBITS_SPACE=unchecked goes on all the same$/,
    );
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });

  it('compare and study run refuse what their trials take together, though each would fit', () => {
    const epochs = epochsFor(0.4);
    const folder = temporaryFolder();
    const compared = samebits([
      ...['compare', ...small, '--epochs', String(epochs), '--runs', '2', '--growth-steps', '0'],
      ...['--out', join(folder, 'compared')],
    ]);
    expect(compared.code).toBe(1);
    expect(compared.stderr).toMatch(/\nsamebits: compare: expected about [\d.]+ [GT]B free for the 4 trials in '/);
    const plan = join(folder, 'plan.json');
    const fixed = { data: 'synthetic', samples: 4, imageSize: 32, model: 'lenet5', epochs };
    writeFileSync(
      plan,
      JSON.stringify({ name: 'large', fixed, factors: { seed: [1, 2, 3] }, modes: { deterministic: 1 } }),
    );
    const studied = samebits(['study', 'run', plan, '--out', join(folder, 'study')]);
    expect(studied.code).toBe(1);
    expect(studied.stderr).toMatch(/\nsamebits: study: expected about [\d.]+ [GT]B free for the 3 trials in '/);
  }, 120_000);
});

// The scripts of examples/ run as they are, on the built package, and print the bits that they promise.

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPlan, studyTrials } from '../../lib/studies/index.js';
import { checkModels } from '../../lib/studies/models.js';
import { root } from '../architecture/sources.js';
import { writeDigits } from '../support/own_digits.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-examples-'));
beforeAll(() => {
  writeDigits(folder, 'train', 256, 0);
  writeDigits(folder, 't10k', 50, 3);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines that an example prints. */
async function run(name: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'examples', name), ...args]);
  return stdout.trimEnd().split('\n');
}

const examples = readdirSync(path.join(root, 'examples')).filter((name) => name.endsWith('.mjs'));
const onItsOwn = examples.filter((name) => name !== 'mnist_convnet.mjs');

describe('thesis.json', () => {
  it('is the plan of the 180 trainings, each a command of a network that there is', async () => {
    const plan = await readPlan(path.join(root, 'examples/thesis.json'));
    const trials = studyTrials(plan);
    expect(trials).toHaveLength(180);
    expect(new Set(trials.map(({ options }) => options.model)).size).toBe(3);
    await checkModels(trials);
  });
});

describe('examples', () => {
  it.each(examples)('%s has under 60 lines', (name) => {
    expect(
      readFileSync(path.join(root, 'examples', name), 'utf8')
        .trimEnd()
        .split('\n').length,
    ).toBeLessThan(60);
  });

  it.each(onItsOwn)('%s trains twice, to one hash', async (name) => {
    const [one, other, verdict] = (await run(name)).slice(-3);
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect([other, verdict]).toEqual([one, 'the same bits']);
  });

  it('mnist_convnet.mjs learns digits, to one hash on other threads and instructions, and to another one in other epochs', async () => {
    const [wide, scalar, longer] = [
      await run('mnist_convnet.mjs', folder, '4'),
      await run('mnist_convnet.mjs', folder, '4', '1', 'scalar'),
      await run('mnist_convnet.mjs', folder, '5', '2'),
    ];
    expect(wide.at(-2)).toMatch(/^test loss \d\.\d+, test accuracy (0\.[5-9]\d*|1)$/);
    expect(scalar.slice(-2)).toEqual(wide.slice(-2));
    expect(longer.at(-1)).not.toBe(wide.at(-1));
  });
});

// diff replays: seeded arrivals exactly, with both orders; real arrival by an order that explains the bits; a flipped bit as
// one. Controls: one seed twice does not differ, and partial sums in the told order add up to the told bits.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Diff,
  diffReplayed,
  diffRuns,
  type Replay,
  readReceipt,
  type SideOrder,
  type TrainOptions,
  train,
} from '../../lib/index.js';
import { fma } from '../contract/float32.js';
import { small } from '../determinism/trainings.js';
import { samebits } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-replay-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (name: string, changes: Partial<TrainOptions> = {}) =>
  train({ ...small, samples: 8, batchSize: 4, epochs: 1, ...changes, out: at(name) });
const only = (kernel: string, seed: number): Partial<TrainOptions> => ({ atomic: [kernel], arrivalSeed: seed });

const floatOf = (hex: string) => new Float32Array(Uint32Array.of(Number(hex)).buffer)[0]!;

/** Whether the partial sums of a side, added in its order, give its running sums. */
function addsUp({ arrivals }: SideOrder): boolean {
  let sum = 0;
  return arrivals.every((arrival, i) => {
    const partial = floatOf(arrival.partial!.hex);
    sum = i === 0 ? partial : Math.fround(sum + partial);
    return Object.is(sum, floatOf(arrival.sum.hex));
  });
}

async function replayOf(a: string, b: string): Promise<Replay> {
  const { replay, noReplay } = await diffReplayed(at(a), at(b));
  expect(noReplay).toBeNull();
  return replay!;
}

beforeAll(async () => {
  await run('plain', { trace: 'ops' });
  for (const seed of [1, 2]) await run(`dense-${seed}`, { ...only('dense.weightGradient', seed), trace: 'ops' });
  await run('dense-1-again', { ...only('dense.weightGradient', 1), trace: 'ops', threads: 1 });
});

describe('two seeds of arrival', () => {
  it('of traced operations: step, operation, element, join and both orders', async () => {
    const diff = diffRuns(at('dense-1'), at('dense-2'));
    expect(diff.difference).toMatchObject({ operation: { kernel: 'dense.weightGradient' }, of: 'output' });
    const replay = await replayOf('dense-1', 'dense-2');
    expect(replay).toMatchObject({
      place: { epoch: diff.difference!.epoch, step: diff.difference!.step },
      operation: diff.difference!.operation,
      output: 'dw',
      element: { tensor: 'dw', ulp: expect.any(Number) },
      sides: [{ how: 'recorded' }, { how: 'recorded' }],
    });
    const { element, sides, join } = replay;
    for (const [side, value] of [
      [sides![0], element!.a],
      [sides![1], element!.b],
    ] as const) {
      expect(addsUp(side)).toBe(true);
      expect(side.arrivals.at(-1)!.sum).toEqual(value);
      expect(side.arrivals[0]!.takes).toMatch(/^sample \d$/);
    }
    const tasks = sides!.map(({ arrivals }) => arrivals.map(({ task }) => task));
    expect(tasks[0]).not.toEqual(tasks[1]);
    expect([...tasks[0]!].sort()).toEqual([...tasks[1]!].sort());
    const [a, b] = sides!.map(({ arrivals }) => arrivals[join!.arrival - 1]);
    expect(join).toEqual({ arrival: join!.arrival, a, b });
    expect(a!.sum.hex).not.toBe(b!.sum.hex);
  });

  it('of receipts and weights alone, found by replaying the epoch', async () => {
    for (const seed of [1, 2]) await run(`bare-${seed}`, only('conv2d.weightGradient', seed));
    const replay = await replayOf('bare-1', 'bare-2');
    expect(replay.operation).toMatchObject({ kernel: 'conv2d.weightGradient' });
    for (const side of replay.sides!) expect(addsUp(side)).toBe(true);
    const { a, b } = replay.element!;
    expect(replay.sides!.map(({ arrivals }) => arrivals.at(-1)!.sum)).toEqual([a, b]);
  });

  it('control: one seed twice is no difference, with another number of threads', async () => {
    const found = await diffReplayed(at('dense-1'), at('dense-1-again'));
    expect(found).toMatchObject({ equal: true, replay: null, noReplay: null });
  });

  it('beside a deterministic run, whose order is the join tree', async () => {
    const { sides, element } = await replayOf('plain', 'dense-1');
    expect(sides![0]).toMatchObject({
      how: 'place',
      words: 'sums are joined by place: the samples by the join tree (rule 3)',
      arrivals: [],
    });
    expect(sides![1].arrivals.at(-1)!.sum).toEqual(element!.b);
  });

  it('is told as text, JSON and a page', () => {
    const page = at('page.html');
    const { code, stdout, stderr } = samebits(['diff', at('dense-1'), at('dense-2'), '--html', page]);
    const read =
      'reading pictures\ntrain: 8 samples of 2 classes: bears 4, cats 4\nvalidation: 4 samples of 2 classes: bears 2, cats 2\n';
    expect({ code, stderr }).toEqual({ code: 1, stderr: read });
    expect(stdout).toMatch(
      /\nreplayed step 1 of epoch 1 .* \(dense\.weightGradient\) wrote another dw; the running sums /,
    );
    expect(stdout).toContain('A: sums arrived in the order drawn from seed 1, replayed exactly\n');
    const { replay } = JSON.parse(samebits(['diff', at('dense-1'), at('dense-2'), '--json']).stdout);
    const html = readFileSync(page, 'utf8');
    for (const side of replay.sides) {
      for (const { sum, partial } of side.arrivals) {
        expect(stdout).toContain(`${partial.decimal}  `);
        expect(html).toContain(sum.hex);
      }
    }
    expect(samebits(['diff', at('dense-1'), at('dense-2'), '--no-replay']).stdout).not.toContain('replayed');
  });
});

describe('real arrival', () => {
  /** Runs of real arrival until two differ, as they do not always. */
  async function parted(name: string, options: Partial<TrainOptions>): Promise<[string, string, Diff]> {
    await run(`${name}-0`, options);
    for (let other = 1; other <= 24; other += 1) {
      await run(`${name}-${other}`, options);
      const diff = diffRuns(at(`${name}-0`), at(`${name}-${other}`));
      if (!diff.equal) return [`${name}-0`, `${name}-${other}`, diff];
    }
    throw new Error('25 runs of real arrival had the same bits');
  }

  const real = 'sums arrived as the threads made them, which was not recorded';

  // Of up to 8 partial sums all orders are tried, and the real one is among them: anything but an order is a fault.
  it('of few partial sums is explained by an order that gives the bits of both runs', async () => {
    const only8: Partial<TrainOptions> = { atomic: ['conv2d.weightGradient'], samples: 8, batchSize: 8, threads: 4 };
    const [a, b, { difference }] = await parted('few', { ...only8, trace: 'ops', traceValues: 1 });
    const replay = await replayOf(a, b);
    expect(replay).toMatchObject({ operation: difference!.operation, element: difference!.element, remarks: [] });
    expect(replay.operation!.kernel).toBe('conv2d.weightGradient');
    for (const [side, value] of [
      [replay.sides![0], replay.element!.a],
      [replay.sides![1], replay.element!.b],
    ] as const) {
      expect(side.how).toBe('explains');
      expect(side.words.startsWith(`${real}; this order of the ${side.arrivals.length} partial sums gives`)).toBe(true);
      expect(side.arrivals.length).toBeLessThanOrEqual(8);
      expect(addsUp(side)).toBe(true);
      expect(side.arrivals.at(-1)!.sum).toEqual(value);
    }
    expect(replay.join).not.toBeNull();
  }, 120_000);

  // Of more, some are tried: that none was found is an honest answer, that none of all was is not.
  it('of any operation is explained, or it is said how many orders were tried in vain', async () => {
    const all: Partial<TrainOptions> = { mode: 'atomic', trace: 'ops', traceValues: 2, samples: 12, batchSize: 12 };
    const [a, b, { difference }] = await parted('real', all);
    const replay = await replayOf(a, b);
    expect(replay.operation).toEqual(difference!.operation);
    expect(replay.element).toEqual(difference!.element);
    for (const [side, value] of [
      [replay.sides![0], replay.element!.a],
      [replay.sides![1], replay.element!.b],
    ] as const) {
      if (side.how !== 'explains') {
        expect(side.words).toMatch(new RegExp(`^${real}; none of \\d{4,} orders tried of its \\d+ partial sums`));
        continue;
      }
      expect(addsUp(side)).toBe(true);
      if (difference!.tensor !== 'loss') expect(side.arrivals.at(-1)!.sum).toEqual(value);
    }
  }, 120_000);

  it('without values: the operation, and why no order is looked for', async () => {
    const options: Partial<TrainOptions> = { atomic: ['dense.weightGradient'], trace: 'ops' };
    await run('unkept', { ...options, threads: 1 });
    const { replay } = await diffReplayed(at('dense-1'), at('unkept'));
    if (replay === null) throw new Error('the runs are equal by chance of one seed; take another');
    expect(replay.remarks).toContain(
      'the values of dw were not kept, so no order can be looked for; --trace-values keeps them',
    );
  });
});

describe('batch_norm, which joins chunks in memory of its own', () => {
  const network = { model: 'mini_xception', imageSize: 40, samples: 12, batchSize: 12, trace: 'ops' } as const;

  /** Whether chunks joined as Chan, Golub and LeVeque do give a side's means. */
  function joinsMeans({ arrivals }: SideOrder): boolean {
    let [count, mean] = [0, 0];
    return arrivals.every(({ takes, partial, sum }, i) => {
      const [, first, last] = /^positions (\d+) to (\d+) of sample \d+$/.exec(takes!)!;
      const rows = Number(last) - Number(first) + 1;
      const value = floatOf(partial!.hex);
      const all = count + rows;
      mean = i === 0 ? value : fma(Math.fround(value - mean), Math.fround(rows / all), mean);
      count = all;
      return Object.is(mean, floatOf(sum.hex));
    });
  }

  it.each([
    ['batch_norm.statistics', 'mean', joinsMeans],
    ['batch_norm.parameterGradient', 'dgamma', addsUp],
  ] as const)(
    '%s: both seeded orders, chunk by chunk, and the join at which they part',
    async (kernel, output, holds) => {
      for (const seed of [1, 2]) await run(`${kernel}-${seed}`, { ...network, ...only(kernel, seed) });
      const replay = await replayOf(`${kernel}-1`, `${kernel}-2`);
      expect(replay).toMatchObject({
        operation: { kernel },
        output,
        sides: [{ how: 'recorded' }, { how: 'recorded' }],
        join: { arrival: expect.any(Number) },
      });
      const { sides, element } = replay;
      for (const side of sides!) expect(holds(side)).toBe(true);
      expect(sides!.map(({ arrivals }) => arrivals.at(-1)!.sum)).toEqual([element!.a, element!.b]);
      const [a, b] = sides!.map(({ arrivals }) => arrivals.map(({ takes }) => takes));
      expect(a).not.toEqual(b);
      expect([...a!].sort()).toEqual([...b!].sort());
      expect(new Set(a).size).toBe(a!.length);
    },
  );

  it('beside a deterministic run, and the same seed twice, which does not differ (control)', async () => {
    await run('bn-plain', network);
    await run('bn-again', { ...network, ...only('batch_norm.statistics', 1), threads: 3 });
    const { sides, element } = await replayOf('bn-plain', 'batch_norm.statistics-1');
    expect(sides!.map(({ how }) => how)).toEqual(['place', 'recorded']);
    expect(sides![1].arrivals.at(-1)!.sum).toEqual(element!.b);
    expect((await diffReplayed(at('batch_norm.statistics-1'), at('bn-again'))).equal).toBe(true);
  });

  it('with many chunks shows the ends and what lies about the join, and tells how many it left out', () => {
    const { stdout } = samebits(['diff', at('batch_norm.statistics-1'), at('batch_norm.statistics-2')]);
    const { replay } = JSON.parse(
      samebits(['diff', at('batch_norm.statistics-1'), at('batch_norm.statistics-2'), '--json']).stdout,
    ) as { replay: Replay };
    const count = replay.sides![0].arrivals.length;
    const rows = stdout
      .split('\n')
      .filter((line) => / positions \d+ to \d+ of sample /.test(line) && /^ *\d+ /.test(line));
    const left = [...stdout.matchAll(/ (\d+) more, left out/g)].reduce((sum, [, more]) => sum + Number(more), 0);
    expect(count).toBeGreaterThan(40);
    expect(left).toBeGreaterThan(0);
    expect(rows.length + left).toBe(2 * count);
  });
});

describe('a flipped bit', () => {
  const said = (bit: string) => `one bit (${bit}) differs; no order of the partial sums explains it`;

  it('of what an operation wrote is named, and no join', async () => {
    await run('flipped', { trace: 'ops', flip: { step: 2, operation: 'conv2d.weightGradient', index: 70, bit: 24 } });
    const replay = await replayOf('plain', 'flipped');
    expect(replay).toMatchObject({
      place: { epoch: 1, step: 2 },
      operation: { kernel: 'conv2d.weightGradient' },
      element: { at: [0, 0, 0, 70], differing: 1 },
      bit: { bit: 24, name: 'bit 1 of the exponent' },
      join: null,
      sides: null,
      remarks: [said('bit 1 of the exponent')],
    });
  });

  it('of a weight, found from receipts alone, is in no operation', async () => {
    await run('weight', { flip: { step: 1, tensor: 'conv2d_1/kernel', index: 3, bit: 0 } });
    const replay = await replayOf('plain', 'weight');
    expect(replay).toMatchObject({
      place: { epoch: 1, step: 1 },
      operation: null,
      element: { tensor: 'conv2d_1/kernel', at: [0, 0, 0, 3], ulp: 1, differing: 1 },
      remarks: [said('bit 0 of the mantissa')],
    });
  });
});

describe('a difference in a later epoch', () => {
  it('is replayed from the checkpoint before it, which has to be the recorded state', async () => {
    const options: Partial<TrainOptions> = { epochs: 2, checkpoints: 'all' };
    await run('long', options);
    await run('long-flipped', { ...options, flip: { step: 4, tensor: 'dense/kernel', index: 0, bit: 31 } });
    const replay = await replayOf('long', 'long-flipped');
    expect(replay).toMatchObject({ place: { epoch: 2, step: 2 }, operation: null, bit: { bit: 31, name: 'the sign' } });
    for (const name of ['long', 'long-flipped']) {
      copyFileSync(at('dense-1', 'checkpoint.safetensors'), at(name, 'checkpoints', 'epoch-0001.safetensors'));
    }
    // Another state than both recorded is passed over: the replay begins with the first weights, and ends alike.
    expect(await replayOf('long', 'long-flipped')).toEqual(replay);
  });
});

describe('no replay', () => {
  it('of runs that differ before their first step, or without a receipt, and it is said why', async () => {
    await run('seed', { seed: 7 });
    const { noReplay } = await diffReplayed(at('plain'), at('seed'));
    expect(noReplay).toBe('the runs differ before their first step, so there is no common state to replay from');
    copyFileSync(at('dense-2', 'trace.bin'), at('alone.bin'));
    const alone = await diffReplayed(at('dense-1'), at('alone.bin'));
    expect(alone).toMatchObject({ replay: null, noReplay: 'there is no receipt of B to replay it from' });
  });

  it('with other pictures, which are refused', async () => {
    for (const [i, name] of ['cats', 'dogs'].entries()) {
      mkdirSync(at('pictures', name), { recursive: true });
      for (const number of [1, 2, 3, 4]) {
        const create = { width: 80, height: 80, channels: 3 as const, background: { r: 60 * i, g: 40 * number, b: 9 } };
        await sharp({ create })
          .png()
          .toFile(at('pictures', name, `${number}.png`));
      }
    }
    const recorded = readReceipt(at('dense-1', 'receipt.json')).dataHash;
    await expect(diffReplayed(at('dense-1'), at('dense-2'), { data: at('pictures') })).rejects.toThrow(
      `diff: expected the data of both runs ('${recorded}') in '${at('pictures')}', got 'sha256:`,
    );
  });

  it('without the pictures', async () => {
    const found = await diffReplayed(at('dense-1'), at('dense-2'), { data: at('nowhere') });
    expect(found.noReplay).toBe(`the data are not in ${at('nowhere')}; --data names where they lie`);
    expect(found.difference).not.toBeNull();
  });
});

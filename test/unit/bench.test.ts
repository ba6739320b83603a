// The benches without their clocks: ratios of turns, least work and roofs, recorded calls, tables, and the raw times.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { growthPoints } from '../../bench/growth/growth.js';
import { besideTorchPage, workName } from '../../bench/models/beside_torch.js';
import { ownEntries, peerEntry } from '../../bench/models/models.js';
import { kindsOf } from '../../bench/models/profile.js';
import { StepProcess } from '../../bench/models/step_process.js';
import type { Torch } from '../../bench/models/torch.js';
import { digits, ratioText, textTable } from '../../bench/page.js';
import { profileOf, record, timeKernels } from '../../bench/recorder.js';
import { type BenchResult, fileName, writeResult } from '../../bench/result.js';
import { benchStart, startPage } from '../../bench/start/start.js';
import { geometricMean, spread, turnRatio } from '../../bench/statistics.js';
import { roofShare, workOf } from '../../bench/work.js';
import { gradients, relu, scope, tensor } from '../../lib/index.js';
import { Words } from '../../lib/random/index.js';
import { Runtime } from '../../lib/runtime/index.js';

const draw = () => {
  const words = new Words({ seed: 7, stream: 0, step: 0 });
  return (below: number) => words.below(below);
};

/** Two series that share a drift far larger than their ratio of 1.1. */
const drifting = Array.from({ length: 40 }, (_, turn) => 1 + (turn % 5));
const slower = drifting.map((time, turn) => 1.1 * time * (turn % 2 === 0 ? 1.01 : 0.99));

describe('turnRatio', () => {
  it('is the ratio of the medians and lies inside its interval', () => {
    const { estimate, low, high } = turnRatio([2, 4, 6], [1, 2, 3], { draw: draw() });
    expect(estimate).toBe(2);
    expect(low).toBeLessThanOrEqual(2);
    expect(high).toBeGreaterThanOrEqual(2);
  });

  it('finds a small ratio under a large drift that both series share', () => {
    const { low, high } = turnRatio(slower, drifting, { draw: draw() });
    expect(low).toBeGreaterThan(1.05);
    expect(high).toBeLessThan(1.15);
  });

  it('does not find it when the turns no longer belong together', () => {
    const apart = [...drifting.slice(7), ...drifting.slice(0, 7)];
    const { low, high } = turnRatio(slower, apart, { draw: draw() });
    expect(high - low).toBeGreaterThan(0.3);
  });

  it('gives the same interval for the same numbers and seed', () => {
    expect(turnRatio(slower, drifting, { draw: draw() })).toEqual(turnRatio(slower, drifting, { draw: draw() }));
  });

  it('refuses series of different lengths', () => {
    expect(() => turnRatio([1, 2], [1], { draw: draw() })).toThrow(
      'turnRatio: expected two series of one length >= 1, got lengths 2 and 1',
    );
  });
});

describe('spread', () => {
  it('keeps count, median, quartiles and extremes', () => {
    expect(spread([5, 1, 3, 2, 4])).toEqual({ count: 5, median: 3, quartile1: 2, quartile3: 4, min: 1, max: 5 });
  });
});

describe('geometricMean', () => {
  it('is what equal shares would multiply to', () => {
    expect(geometricMean([0.5, 2])).toBeCloseTo(1, 12);
    expect(geometricMean([0.2, 0.4, 0.8])).toBeCloseTo(0.4, 12);
  });
});

const slot = (...shape: number[]) => ({ dtype: 'float32' as const, shape });
const unpadded = { strideH: 1, strideW: 1, padTop: 0, padLeft: 0, dilationH: 1, dilationW: 1 };

describe('workOf', () => {
  it('counts two operations per tap of a valid convolution', () => {
    const slots = [slot(32, 180, 180, 3), slot(3, 3, 3, 32), slot(32), slot(32, 178, 178, 32)];
    const { flops, bytes } = workOf({ kernel: 'conv2d.forward', slots, settings: unpadded });
    expect(flops).toBe(2 * 32 * 178 * 178 * 32 * 27);
    expect(bytes).toBe(4 * (32 * 180 * 180 * 3 + 3 * 3 * 3 * 32 + 32 + 32 * 178 * 178 * 32));
  });

  it('leaves out the taps that fall into the padding', () => {
    const slots = [slot(1, 3, 3, 1), slot(3, 3, 1, 1), null, slot(1, 3, 3, 1)];
    const { flops } = workOf({ kernel: 'conv2d.forward', slots, settings: { ...unpadded, padTop: 1, padLeft: 1 } });
    expect(flops).toBe(2 * (9 + 4 * 6 + 4 * 4));
  });

  it('counts the gradients of a convolution as much as the convolution', () => {
    const [x, weight, dy] = [slot(2, 10, 10, 4), slot(3, 3, 4, 8), slot(2, 4, 4, 8)];
    const settings = { ...unpadded, strideH: 2, strideW: 2 };
    const forward = workOf({ kernel: 'conv2d.forward', slots: [x, weight, null, dy], settings });
    const input = workOf({ kernel: 'conv2d.inputGradient', slots: [dy, weight, x], settings });
    const weights = workOf({ kernel: 'conv2d.weightGradient', slots: [x, dy, weight, slot(8)], settings });
    expect([input.flops, weights.flops]).toEqual([forward.flops, forward.flops]);
  });

  it('counts bytes by dtype and no flops where nothing is contracted', () => {
    const slots = [{ dtype: 'uint8' as const, shape: [10] }, slot(10)];
    expect(workOf({ kernel: 'rescaling.forward', slots, settings: {} })).toEqual({
      flops: 0,
      bytes: 50,
      onlyReads: false,
    });
  });
});

describe('recorded calls', () => {
  const settings = { isa: 'scalar', mode: 'deterministic', threads: 1 } as const;

  it('are every kernel of the work, can be made again, and free their memory on release', () => {
    using runtime = new Runtime(settings);
    using x = tensor(runtime, [-1, 2, 3]);
    using dy = tensor(runtime, [1, 1, 1]);
    const before = runtime.memory().inUse;
    const work = () =>
      scope(() => {
        const found = gradients(() => ({ loss: relu(x) }), [x], dy);
        for (const gradient of found.gradients) gradient?.dispose();
      });
    const { calls, release } = record(runtime, work);
    expect(calls.map(({ kernel }) => kernel)).toEqual(['relu.forward', 'relu.inputGradient']);
    expect(calls[0]!.slots).toEqual([slot(3), slot(3)]);
    for (const call of calls) call.again();
    expect(runtime.memory().inUse).toBeGreaterThan(before);
    release();
    work();
    expect(calls.length).toBe(2);
    expect(runtime.memory().inUse).toBe(before);
  });

  it('are timed inside the work and counted by kind', () => {
    using runtime = new Runtime(settings);
    using x = tensor(runtime, [1, 2, 3]);
    using short = tensor(runtime, [1]);
    const timed = timeKernels(runtime, () => scope(() => void [relu(x), relu(short), relu(x)]));
    expect(timed.calls.map(({ slots }) => slots[0]!.shape)).toEqual([[3], [1], [3]]);
    expect(timed.seconds).toBeGreaterThanOrEqual(timed.calls.reduce((sum, { seconds }) => sum + seconds, 0));
    const counts = kindsOf(profileOf([timed, timed])).map(({ call, count }) => [call.slots[0]!.shape[0], count]);
    expect(counts).toHaveLength(2);
    expect(counts).toEqual(
      expect.arrayContaining([
        [3, 2],
        [1, 1],
      ]),
    );
    const other = { ...timed, calls: timed.calls.slice(1) };
    expect(() => profileOf([timed, other])).toThrow('bench: expected the 3 calls of the first profile in each');
  });
});

describe('work beside PyTorch', () => {
  const slots = (...shapes: number[][]) => shapes.map((shape) => ({ dtype: 'float32' as const, shape }));
  const [x, y] = [
    [2, 9, 9, 4],
    [2, 5, 5, 8],
  ];

  it('has one name here and there, whichever kernels do it', () => {
    const name = (kernel: string, ...shapes: number[][]) => workName({ kernel, slots: slots(...shapes) });
    const forward = 'convolution.forward 3 x 3 [2,9,9,4] to [2,5,5,8]';
    expect(workName({ kernel: 'conv2d.forward', slots: [...slots(x, [3, 3, 4, 8]), null, ...slots(y)] })).toBe(forward);
    expect(name('convolution.forward', x, [3, 3, 4, 8], y)).toBe(forward);
    const backward = 'convolution.backward 3 x 3 [2,9,9,4] to [2,5,5,8]';
    expect(name('conv2d.inputGradient', y, [3, 3, 4, 8], x)).toBe(backward);
    expect(name('conv2d.weightGradient', x, y, [3, 3, 4, 8])).toBe(backward);
    expect(name('convolution.backward', x, [3, 3, 4, 8], y)).toBe(backward);
    const depthwise = 'convolution.forward depthwise 3 x 3 [2,9,9,4] to [2,9,9,4]';
    expect(name('depthwise_conv2d.forward', x, [3, 3, 4, 1], x)).toBe(depthwise);
    expect(name('convolution.forward', x, [3, 3, 1, 4], x)).toBe(depthwise);
    expect(name('batch_norm.statistics', x)).toBe(name('batch_norm.forward', x, [4]));
    expect(name('batch_norm.inputGradient', x)).toBe(name('batch_norm.backward', x));
    expect(name('add.forward', x)).toBeUndefined();
  });

  it('is compared step by step as a whole, and only where both do it', () => {
    const call = (kernel: string, seconds: number[], ...shapes: number[][]) => ({
      ...{ kernel, slots: slots(...shapes), settings: {}, seconds },
    });
    const ours = [
      call('batch_norm.statistics', [0.001, 0.002, 0.001], x),
      call('batch_norm.forward', [0.003, 0.002, 0.003], x),
      call('conv2d.inputGradient', [1, 1, 1], y, [3, 3, 4, 8], x),
    ];
    const theirs = [call('batch_norm.forward', [0.008, 0.008, 0.008], x)];
    const page = besideTorchPage({ seconds: [1, 1, 1], calls: ours }, { seconds: [1, 1, 1], calls: theirs });
    expect(page).toMatch(/^batch_norm.forward \[2,9,9,4\] +4.00 +8.00 +0.500 \[0.500, 0.500\]$/m);
    expect(page).not.toContain('convolution');
    expect(page).toContain('geometric mean of the ratios 0.500');
  });
});

describe('a training in a process of its own', () => {
  const script = (text: string) => new StepProcess('a peer', process.execPath, ['-e', text]);

  it('answers one step at a time and ends when it is told to', async () => {
    const training = script(`
      console.log(JSON.stringify({ name: 'peer', parameters: 3 }));
      let steps = 0;
      require('node:readline').createInterface({ input: process.stdin })
        .on('line', () => console.log(JSON.stringify({ seconds: ++steps, loss: 0, peakMemoryMiB: 1 })));
    `);
    expect(await training.ready()).toEqual({ name: 'peer', parameters: 3 });
    expect((await training.step()).seconds).toBe(1);
    expect((await training.step()).seconds).toBe(2);
    await training.stop();
  });

  it('says why when it ends instead of answering, or cannot be started', async () => {
    const failing = script('console.error("no torch here"); process.exitCode = 1');
    await expect(failing.ready()).rejects.toThrow('bench: expected an answer from a peer, got no torch here');
    await failing.stop();
    const missing = new StepProcess('a peer', '/nowhere/python3', []);
    await expect(missing.ready()).rejects.toThrow(
      'bench: expected an answer from a peer, got spawn /nowhere/python3 ENOENT',
    );
    await missing.stop();
  });

  it('is listed for every target of ours', () => {
    const list = ownEntries('keras_convnet', 'scalar', [1, 2]).map(({ row }) =>
      [row.target, row.threads, row.augmentation].join(' '),
    );
    const ours = (threads: number) => [
      `cpu/scalar/deterministic ${threads} false`,
      `cpu/scalar/deterministic ${threads} true`,
      `cpu/scalar/atomic ${threads} false`,
    ];
    expect(list).toEqual([...ours(1), ...ours(2)]);
  });

  it('of PyTorch keeps its memory where asked, and is none where there is no PyTorch', () => {
    const torch: Torch = { python: 'python3', version: '2' };
    const [installed] = peerEntry('keras_convnet', torch, 2, 'channels_last', false);
    const [kept] = peerEntry('keras_convnet', torch, 2, 'channels_last', true);
    expect([installed!.row.target, installed!.env]).toEqual(['torch/channels_last', undefined]);
    expect(kept!.row.target).toBe('torch/channels_last/kept');
    expect(kept!.env).toHaveProperty('MALLOC_MMAP_MAX_', '0');
    expect(peerEntry('keras_convnet', { missing: 'not installed' }, 2, 'channels_last', true)).toEqual([]);
  });
});

describe('roofShare', () => {
  const roofs = { flops: 100, bytes: 10, readBytes: 5 };

  it('holds work against the roof that allows it less speed', () => {
    const onlyReads = false;
    expect(roofShare({ flops: 200, bytes: 10, onlyReads }, roofs, 4)).toEqual({ bound: 'arithmetic', share: 0.5 });
    expect(roofShare({ flops: 50, bytes: 10, onlyReads }, roofs, 4)).toEqual({ bound: 'memory', share: 0.25 });
  });

  it('holds what only reads against the rate of reading', () => {
    expect(roofShare({ flops: 50, bytes: 10, onlyReads: true }, roofs, 4)).toEqual({ bound: 'memory', share: 0.5 });
  });
});

describe('growth', () => {
  it("varies one axis at a time around the paper's batch and side", () => {
    const points = growthPoints([1, 2], true);
    expect(points.filter(({ axis }) => axis === 'threads').map(({ threads }) => threads)).toEqual([1, 2]);
    for (const { axis, ...point } of points)
      expect(point).toEqual({ batch: 32, size: 180, threads: 2, [axis]: point[axis] });
  });
});

describe('the page', () => {
  it('aligns words to the left and numbers to the right', () => {
    const text = textTable(
      ['kernel', 'ms'],
      [
        ['relu', '1.5'],
        ['multiply', '12'],
      ],
    );
    expect(text).toBe('kernel     ms\n--------  ---\nrelu      1.5\nmultiply   12');
  });

  it('writes three significant digits and ratios with their interval', () => {
    expect([0, 0.01234, 1.5, 12.34, 1234.5].map(digits)).toEqual(['0', '0.0123', '1.50', '12.3', '1235']);
    expect(ratioText({ estimate: 1.0004, low: 0.98, high: 1.02, level: 0.95 })).toBe('1.000 [0.980, 1.020]');
  });
});

describe('starts', () => {
  const measured = (only: string) => benchStart({ quick: true, only }, process.cwd(), () => {});

  it('are measured turn by turn beside a process that does nothing, which takes less', () => {
    const rows = measured('import');
    expect(rows.map(({ name }) => name)).toEqual(['nothing', "import 'samebits'"]);
    for (const { processor, wall } of rows) {
      expect(processor).toHaveLength(5);
      expect(Math.min(...processor, ...wall)).toBeGreaterThan(0);
    }
    const [nothing, imported] = rows.map(({ processor }) => Math.min(...processor));
    expect(imported).toBeGreaterThan(nothing!);
  });

  it('are shown by least and median, and by what they take above nothing', () => {
    const rows = [
      { name: 'nothing', processor: [0.05, 0.04, 0.06], wall: [0.07, 0.08, 0.06] },
      { name: 'samebits --help', processor: [0.08, 0.1, 0.09], wall: [0.2, 0.1, 0.3] },
    ];
    expect(startPage(rows).split('\n').at(-1)).toMatch(/^samebits --help +80\.0 +90\.0 +40\.0 +100 +200$/);
  });
});

describe('the file of raw times', () => {
  const result = {
    format: 2,
    startedAt: '2026-01-31T10:00:00.000Z',
    machine: { cpu: 'AMD EPYC 7B13 (64-Core)' },
    ops: [{ kernel: 'relu.forward', seconds: [0.1, 0.2] }],
  } as unknown as BenchResult;

  it('is named after the day and the processor', () => {
    expect(fileName(result.startedAt, result.machine.cpu)).toBe('2026-01-31-amd-epyc-7b13-64-core.json');
    expect(fileName(result.startedAt, '')).toBe('2026-01-31-unknown.json');
  });

  it('names no folder of the machine it was made on', () => {
    const results = new URL('../../bench/results/', import.meta.url);
    const files = readdirSync(results).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(5);
    // A system's own programs may be named.
    const strange = /"\/(?!usr\/bin\/)[^"]*"/;
    expect(files.filter((name) => strange.test(readFileSync(new URL(name, results), 'utf8')))).toEqual([]);
    expect(strange.test('{"out":"/home/somebody/results"}')).toBe(true);
  });

  it('holds every time and leaves no temporary file beside it', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'samebits-bench-'));
    try {
      const file = writeResult(result, path.join(folder, 'results'));
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(result);
      expect(readdirSync(path.join(folder, 'results'))).toEqual([path.basename(file)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

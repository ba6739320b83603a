// How scripts/gpu-check runs its steps and keeps what became of them: time, failures, and what decides.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Answer, load, type Row } from './load.js';

const { runSteps, allPassed, notRun } = await load('runner');
const { Stop } = await load('options');
const { freeName, Kept, writeResult } = await load('result');
const { run: runProgram } = await load('child');

interface StepKept {
  figures: Record<string, unknown>;
  note(value: object): void;
}
type Work = (signal: AbortSignal, kept: StepKept) => Promise<Answer>;
const step = (name: string, run: Work, rest: object = {}) => ({
  name,
  title: name,
  required: true,
  seconds: 5,
  run,
  ...rest,
});
const passing: Work = async () => ({ passed: true, figures: { n: 1 } });

interface Ran {
  rows: Row[];
  kept: number[];
  lines: object[];
}
async function ran(steps: object[], seconds = 60, now?: () => number): Promise<Ran> {
  const kept: number[] = [];
  const lines: object[] = [];
  const line = (value: object) => void lines.push(value);
  const keep = (rows: Row[]) => void kept.push(rows.length);
  const rows = await runSteps(steps, { seconds, keep, line, tell: () => {}, ...(now && { now }) });
  return { rows, kept, lines };
}
const outcome = ({ rows }: Ran) =>
  rows.map(({ name, result, reason }) => [name, result, reason].filter(Boolean).join(': '));

describe('the steps', () => {
  it('are run in order, and what became of them is kept after each', async () => {
    const told = await ran([
      step('one', passing),
      step('two', async () => ({ passed: false, reason: 'expected 1, got 2', figures: [2] })),
      step('three', async () => notRun('no such tool')),
      step('four', async (_, { figures, note }) => {
        note({ case: 7 });
        figures['until'] = 3;
        throw new Error('expected a file, got none');
      }),
      step('five', passing),
    ]);
    expect(outcome(told)).toEqual([
      'one: passed',
      'two: failed: expected 1, got 2',
      'three: not run: no such tool',
      'four: failed: expected a file, got none',
      'five: passed',
    ]);
    expect(told.rows.map(({ figures }) => figures)).toEqual([{ n: 1 }, [2], undefined, { until: 3 }, { n: 1 }]);
    expect(told.kept).toEqual([1, 2, 3, 4, 5]);
    expect(told.lines.slice(3, 5)).toEqual([
      { step: 'four', case: 7 },
      { step: 'four', result: 'failed', reason: 'expected a file, got none' },
    ]);
  });

  it('end when their time is over, and so does what they started', async () => {
    let began = 0;
    const sleeps: Work = async (signal, { figures }) => {
      began = performance.now();
      figures['cases'] = 12;
      await runProgram('sleep', ['60'], { signal });
      return { passed: true };
    };
    const told = await ran([step('sleeps', sleeps, { seconds: 0.3 }), step('next', passing)]);
    expect(outcome(told)).toEqual(['sleeps: failed: expected at most 0.3 s, got more', 'next: passed']);
    expect(told.rows[0]!.figures).toEqual({ cases: 12 });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('begin only while time is left, and never get more than that', async () => {
    const waits: Work = async (signal) => {
      await setTimeout(60_000, undefined, { signal }).catch(() => {});
      throw signal.reason;
    };
    const told = await ran([step('waits', waits), step('late', passing)], 0.2);
    expect(outcome(told)).toEqual([
      'waits: failed: expected at most 0.2 s, got more',
      'late: not run: the 0.2 s for all steps are over',
    ]);
    expect(allPassed(told.rows)).toBe(false);
  });

  it('are not begun after a vital one that did not pass', async () => {
    const told = await ran([
      step('build', async () => ({ passed: false, reason: 'no' }), { vital: true }),
      step('next', passing),
    ]);
    expect(outcome(told)).toEqual(['build: failed: no', 'next: not run: build did not pass']);
  });

  it('may stop everything', async () => {
    const stops: Work = async () => {
      throw new Stop('expected a device, got none', 3);
    };
    await expect(ran([step('stops', stops)])).rejects.toMatchObject({
      message: 'expected a device, got none',
      code: 3,
    });
  });
});

describe('the verdict', () => {
  const row = (changes: object) => ({ required: true, result: 'passed', ...changes });
  it.each([
    ['all passed', [row({}), row({})], true],
    ['a correctness step failed', [row({}), row({ result: 'failed' })], false],
    ['one did not begin in time', [row({ result: 'not run' })], false],
    ['what one cannot be run without is missing', [row({ result: 'not run', missing: true })], true],
    ['a measurement failed', [row({ result: 'failed', required: false })], true],
  ])('when %s', (_, rows, passed) => {
    expect(allPassed(rows)).toBe(passed);
  });
});

describe('the result', () => {
  it('is written whole under a free name with date and device', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'samebits-gpu-check-'));
    try {
      for (const passed of [true, false]) {
        writeResult(freeName(folder, '2026-01-31T12:00:00Z', 'NVIDIA H200 (NVL)'), { passed });
      }
      const [second, first] = ['2026-01-31-gpu-check-nvidia-h200-nvl', '2026-01-31-gpu-check-nvidia-h200-nvl-2'];
      expect(readdirSync(folder).sort()).toEqual([second, first]);
      expect(JSON.parse(readFileSync(path.join(folder, first), 'utf8'))).toEqual({ passed: false });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has its folder once something is kept, and every line as soon as it is known', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'samebits-gpu-check-'));
    try {
      const kept = new Kept(() => path.join(folder, 'out'));
      expect(readdirSync(folder)).toEqual([]);
      kept.line({ case: 1 });
      kept.line({ case: 2 });
      kept.result({ finished: false });
      expect(readdirSync(path.join(folder, 'out')).sort()).toEqual(['lines.jsonl', 'result.json']);
      expect(readFileSync(path.join(kept.folder, 'lines.jsonl'), 'utf8')).toBe('{"case":1}\n{"case":2}\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

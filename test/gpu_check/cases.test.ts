// The cases of scripts/gpu-check on the device of the shim (test/shim): plainly, under a tool in compute-sanitizer's place, and one
// by itself; each with faults that must be found, and must not cost more than their case.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Answer, load } from './load.js';
import { onShim } from './on_shim.js';

const { conformance, oneCase, sanitizer } = await load('cases');
const { folder, cases, programs } = onShim(['conformance', 'cases']);
const signal = new AbortController().signal;

describe('conformance', () => {
  it('passes where every case has its digest in every run', async () => {
    const answer: Answer = await conformance({ programs, cases, runs: 2 }, signal);
    const { figures } = answer;
    expect(answer.reason).toBeUndefined();
    expect(figures).toMatchObject({
      target: 'cuda/sm90',
      runs: 2,
      faults: [],
      wanted: figures.cases,
      same: figures.cases,
      close: figures.inAtomic,
    });
    expect(figures.cases).toBeGreaterThan(500);
    expect(figures.inAtomic).toBeGreaterThan(250);
  });

  it('does not where one bit of one input is another, and says which case', async () => {
    const bytes = readFileSync(cases);
    const title = 'conv2d [2,9,16,3] by [3,3,3,32] {"activation":"relu"}';
    const at = bytes.indexOf('\nwrite ', bytes.indexOf(` ${title}\n`)) + 1;
    const begin = bytes.indexOf('\n', at) + 1;
    bytes[begin + 400]! ^= 1;
    const changed = path.join(folder, 'changed');
    writeFileSync(changed, bytes);
    const { passed, reason, figures }: Answer = await conformance({ programs, cases: changed, runs: 1 }, signal);
    expect(passed).toBe(false);
    expect(reason).toMatch(/^case \d+, conv2d .*: deterministic, run 1: expected sha256:\w+, got sha256:\w+/);
    expect(reason).toContain(title);
    expect(figures).toMatchObject({ same: figures.cases - 1 });
    expect(figures.faults).toHaveLength(1);
  });

  it('is refused where there is no device, or no file', async () => {
    await expect(conformance({ programs, cases: '/nothing', runs: 1 }, signal)).rejects.toThrow(
      "expected the cases to be run, got exit code 2: conformance: /nothing: expected a readable file, got '/nothing'",
    );
  });

  const lines = () => {
    const found: { case?: number; faults?: string[] }[] = [];
    return {
      found,
      kept: { figures: {} as Answer['figures'], file: () => undefined, note: (line: object) => void found.push(line) },
    };
  };

  it('goes on behind a case that throws, which is one failed case', async () => {
    const { found, kept } = lines();
    vi.stubEnv('SAMEBITS_SHIM_FAIL', 'cudaLaunchKernelEx:1:1');
    const { passed, reason, figures }: Answer = await conformance(
      { programs, cases, runs: 1, every: 20 },
      signal,
      kept,
    );
    vi.unstubAllEnvs();
    expect(passed).toBe(false);
    expect(reason).toMatch(
      /^case \d+, .*: expected a launch of \d+ blocks of \d+ threads to succeed, got invalid argument; /,
    );
    expect(figures.faults).toHaveLength(1);
    expect(figures).toMatchObject({ wanted: figures.cases, same: figures.cases - 1 });
    expect(found).toHaveLength(figures.cases);
  });

  it('goes on in a new process behind a case that the device does not survive, and gives up where none does', async () => {
    const { found, kept } = lines();
    // Once the third wait failed every one does: each process tells of its first cases only.
    vi.stubEnv('SAMEBITS_SHIM_FAIL', 'cudaStreamSynchronize:3:700:always');
    const { passed, figures }: Answer = await conformance({ programs, cases, runs: 1, every: 20 }, signal, kept);
    vi.unstubAllEnvs();
    expect(passed).toBe(false);
    expect(figures.faults.at(-1)).toBe('expected at most 6 cases that end the program, got more');
    const failed = found.filter(({ faults }) => faults!.length > 0);
    expect(failed).toHaveLength(7);
    expect(new Set(found.map((one) => one.case)).size).toBe(found.length);
  });

  it('counts a case that ends the program as failed, and does not try it again', async () => {
    const { found, kept } = lines();
    const dies = path.join(folder, 'dies');
    const script = `#!/bin/sh
for from; do :; done
echo '{"wanted":3}'
if [ "$from" = 0 ]; then echo '{"case":0,"title":"a","same":1,"close":null,"patterns":0,"faults":[]}'; kill -SEGV $$; fi
echo '{"case":20,"title":"c","same":1,"close":null,"patterns":0,"faults":[]}'
echo '{"target":"cuda/sm90"}'
`;
    writeFileSync(dies, script);
    chmodSync(dies, 0o755);
    const task = { programs: { conformance: dies }, cases, runs: 1, every: 10 };
    const { passed, reason, figures }: Answer = await conformance(task, signal, kept);
    expect({ passed, cases: figures.cases }).toEqual({ passed: false, cases: 3 });
    expect(reason).toMatch(/^case 10, : ended the program: SIGSEGV/);
    expect(found.map((one) => one.case)).toEqual([0, 10, 20]);
  });

  it('keeps the cases that were run when its time is over', async () => {
    const { found, kept } = lines();
    const slow = path.join(folder, 'slow');
    writeFileSync(slow, `#!/bin/sh\n${programs.conformance} "$@" --only 0\nsleep 60\n`);
    chmodSync(slow, 0o755);
    const abort = new AbortController();
    const note = (line: object) => {
      kept.note(line);
      abort.abort(new Error('expected at most 40 s, got more'));
    };
    const task = { programs: { conformance: slow }, cases, runs: 1 };
    await expect(conformance(task, abort.signal, { ...kept, note })).rejects.toThrow('expected at most 40 s, got more');
    expect(kept.figures).toMatchObject({ wanted: 1, cases: 1, same: 1 });
    expect(found).toHaveLength(1);
  });
});

describe('compute-sanitizer', () => {
  /** A program in its place, which prints what it would. */
  function tool(name: string, script: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }
  const run = (command: string): Promise<Answer> =>
    sanitizer({ programs, cases, tool: 'memcheck', every: 40, command }, signal);

  it('passes where the cases ran under it without a fault', async () => {
    const { passed, figures } = await run(tool('clean', 'shift 4; "$@"; echo "========= ERROR SUMMARY: 0 errors"'));
    expect(figures.summary).toBe('========= ERROR SUMMARY: 0 errors');
    expect(passed).toBe(true);
  });
  it('fails with what it found', async () => {
    const words =
      'echo "========= Invalid __global__ read of size 4 bytes"; echo "========= ERROR SUMMARY: 3 errors"; exit 9';
    const found = await run(tool('found', `shift 4; "$@"; ${words}`));
    expect(found).toMatchObject({ passed: false, reason: 'Invalid __global__ read of size 4 bytes' });
  });
  it('is not run where it is absent, does not work here or takes too long', async () => {
    expect(await run('/nothing')).toMatchObject({ notRun: expect.stringContaining('/nothing') });
    const refusing = 'echo "========= Error: Device not supported"; echo "========= ERROR SUMMARY: 1 error"; exit 9';
    expect(await run(tool('refuses', refusing))).toMatchObject({
      notRun: 'memcheck does not work here: ========= Error: Device not supported',
    });
    const slow = sanitizer(
      { programs, cases, tool: 'memcheck', every: 40, command: tool('slow', 'sleep 60') },
      AbortSignal.timeout(200),
    );
    expect(await slow).toMatchObject({ notRun: 'too slow: 0 of its cases in time, nothing found in them' });
  });
});

describe('one case', () => {
  const title = 'conv2d [2,9,16,3] by [3,3,3,32] {"activation":"relu"}';
  const run = (only: string): Promise<Answer> => oneCase({ programs, cases, only, command: '/nothing' }, signal);

  it('is run again by its title, with a wait behind each launch, and under memcheck where that is', async () => {
    const { passed, figures } = await run(title);
    expect(passed).toBe(true);
    expect(figures).toMatchObject({ wanted: 1, cases: 1, same: 1, memcheck: { notRun: expect.any(String) } });
  });
  it('names the launch that fails', async () => {
    vi.stubEnv('SAMEBITS_SHIM_FAIL', 'cudaStreamSynchronize:1:700');
    const { reason } = await run(title);
    vi.unstubAllEnvs();
    expect(reason).toMatch(
      /conv2d\.forward: expected a launch of \d+ blocks of \d+ threads to end well, got an illegal memory access was encountered; x \[2,9,16,3\], weight \[3,3,3,32\]/,
    );
  });
  it('is refused where there is none of this name', async () => {
    await expect(run('conv9d')).rejects.toThrow("expected the title or the number of a case, got 'conv9d'");
  });
});

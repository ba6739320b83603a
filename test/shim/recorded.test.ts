// What the CUDA kernels do with global memory, and whether their arithmetic is defined, in a recording build of the shim
// (record.cc): no two blocks of a launch, nor two threads between two barriers, use a byte that one of them writes, and nothing
// is read that nothing wrote or that lies outside of a block of memory; UBSan says not a word. Controls: planted faults of each
// kind, which must be found.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { runtimeLibrary, start } from '../guards/build.js';
import { buildRecording } from './build.js';

const kMinutes = 60_000;
const kMost = 20_000; // values in a case's inputs: every kernel is reached, and the time stays small
const hooks = path.join(root, 'test/support/typescript_hooks.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-recorded-'));
const cases = path.join(folder, 'cases');
const elsewhere = process.platform === 'linux' ? undefined : `it is made on Linux, this is ${process.platform}`;

let built = { program: '', addon: '', faults: '' };
beforeAll(async () => {
  if (elsewhere !== undefined) return;
  await runtimeLibrary('libubsan');
  built = await buildRecording();
}, 20 * kMinutes);
afterAll(() => rmSync(folder, { recursive: true }));

const child = (script: string, args: readonly string[], env: Record<string, string> = {}) =>
  start(process.execPath, ['--import', hooks, path.join(root, script), ...args], env);

describe.skipIf(elsewhere !== undefined)(`A recording build${elsewhere ? ` (not run here: ${elsewhere})` : ''}`, () => {
  it(
    'finds nothing in the cases, in both modes, where each block of memory ends with its last byte',
    async () => {
      expect(await child('test/conformance/export_cases.ts', [cases, String(kMost)])).toMatchObject({ status: 0 });
      const args = ['cases', cases, '--device', 'cuda', '--runs', '1'];
      const { status, stdout, stderr } = await start(built.program, args, { SAMEBITS_CUDA_CHECK: '1' });
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.filter(({ faults }) => faults?.length > 0)).toEqual([]);
      expect(lines.filter((line) => line.case !== undefined).length).toBe(lines[0].wanted);
      expect(lines[0].wanted).toBeGreaterThan(250);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    10 * kMinutes,
  );

  it(
    'finds nothing in a training, whose weights are those of the CPU',
    async () => {
      const train = (device: string, env: Record<string, string> = {}) =>
        child('test/shim/training_child.ts', [device, 'deterministic'], env);
      const [recorded, cpu] = [await train('cuda', { SAMEBITS_ADDON: built.addon }), await train('cpu')];
      expect({ ...recorded, stdout: '' }).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(JSON.parse(recorded.stdout).hashes).toEqual(JSON.parse(cpu.stdout).hashes);
    },
    10 * kMinutes,
  );

  it('finds planted faults, and only these', async () => {
    const { status, stdout, stderr } = await start(built.faults, [], { SAMEBITS_SHIM_ORDER: '0' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'tidy: no error',
      'handed on: no error',
      'added: no error',
      'bytes beside each other: no error',
      'unwritten: a read of memory that nothing wrote, block 0 (thread 1)',
      'written by two blocks: a write of what others write, block 1 (thread 0)',
      'written by two threads: a write of what others write, block 0 (thread 1)',
      'read from another block: a read of what others write, block 1 (thread 0)',
      'written behind a read: a write of what others read, block 1 (thread 0)',
      'read without a barrier: a write of what others read, block 0 (thread 1)',
      'behind the end: a read outside of every block of memory, block 1 (thread 31)',
      'before the begin: a write outside of every block of memory, block 0 (thread 0)',
      'added beside a read: a read of what is added to, block 1 (thread 0)',
      'added to nothing: an atomic addition to memory that nothing wrote, block 0 (thread 0)',
      'after its time: a read outside of every block of memory, block 0 (thread 0)',
      'copy: no error',
      'copy of what nothing wrote: a copy of memory that nothing wrote (thread 31)',
      'fill behind the end: a copy outside of every block of memory (thread 31)',
      'tidy again: no error',
    ]);
  });

  it('ends a process whose host code looks into the memory of the device', async () => {
    const { status, stdout, stderr } = await start(built.faults, ['host']);
    expect({ status, stdout, stderr }).toEqual({
      status: 'SIGABRT',
      stdout: '',
      stderr: 'shim: host code looks into the memory of the device\n',
    });
  });

  it('tells of a sum that overflows in a kernel', async () => {
    const { stderr } = await start(built.faults, ['overflow']);
    expect(stderr).toMatch(
      /recorded_faults\.cu:\d+:\d+: runtime error: signed integer overflow: (?:32 \+ 2147483647|2147483647 \+ 32)/,
    );
  });
});

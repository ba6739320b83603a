// scripts/gpu-check as a person calls it on a machine without a device: what it refuses, in which words, and that it then
// neither trains nor keeps anything.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addonFile } from '../../lib/addon/index.js';
import { root } from '../architecture/sources.js';
import { load } from './load.js';

const { buildFolder, cacheEntries, settings } = await load('native_build');
const { missingParts } = await load('requirements');
const { architecture } = await load('machine');

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-gpu-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function check(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(path.join(root, 'scripts/gpu-check'), args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}
const refusal = (message: string) => ({ stdout: '', stderr: `gpu-check: ${message}\n` });

describe('scripts/gpu-check', () => {
  it.each([
    [['--samples', 'x'], "expected --samples to be an integer from 2 to 1000000, got 'x'"],
    [['--minutes', '0'], "expected --minutes to be above 0 and at most 600, got '0'"],
    [['--arch', 'sm90'], "expected --arch to be an architecture such as 90, got 'sm90'"],
    [['--data', '/nothing'], "expected --data to be a folder, got '/nothing'"],
    [['--nvcc', '/nothing'], "expected --nvcc to be a file, got '/nothing'"],
  ])('refuses %s', (args, message) => {
    expect(check(args)).toEqual({ status: 2, ...refusal(message) });
  });

  it('refuses an option and a step it does not know, and says which there are', () => {
    const option = check(['--fast']);
    expect(option).toMatchObject({ status: 2, stdout: '' });
    expect(option.stderr).toMatch(/^gpu-check: Unknown option '--fast'.*\nusage: scripts\/gpu-check \[--node PATH\]/);
    const step = check(['--only', 'conformance,dancing']);
    expect(step).toMatchObject({ status: 2, stdout: '' });
    expect(step.stderr).toMatch(/^gpu-check: expected --only to name steps of build, device, .*, got 'dancing'\n$/);
  });

  it('prints its options', () => {
    expect(check(['--help'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes node from its first argument, and refuses one that does not run', () => {
    expect(check(['--node', process.execPath, '--help']).status).toBe(0);
    expect(check([`--node=${process.execPath}`, '--help']).status).toBe(0);
    const message = "expected a node that runs, got '/nothing'; give --node PATH as the first argument";
    expect(check(['--node', '/nothing'])).toEqual({ status: 3, ...refusal(message) });
    expect(check(['--node'])).toEqual({ status: 2, ...refusal('expected --node PATH, got no path') });
    const old = path.join(folder, 'old');
    writeFileSync(old, '#!/bin/sh\necho v18.19.0\n');
    chmodSync(old, 0o755);
    expect(check(['--node', old])).toEqual({ status: 3, ...refusal('expected node 20.19 or newer, got v18.19.0') });
  });

  it('stops with the reason where the addon has no device, before anything else is run or kept', () => {
    const built = path.join(folder, 'built');
    mkdirSync(built);
    copyFileSync(addonFile, path.join(built, 'samebits.node'));
    for (const name of ['conformance', 'prove_device', 'probe_device']) writeFileSync(path.join(built, name), '');
    const out = path.join(folder, 'out.json');
    const { status, stderr } = check(['--built', built, '--out', out]);
    expect(stderr.split('\n')).toEqual([
      'gpu-check: building the addon and the programs ...',
      expect.stringMatching(/^gpu-check: building the addon and the programs: passed \(\S+ s\)$/),
      'gpu-check: asking the addon for the device ...',
      expect.stringMatching(
        /^gpu-check: expected a CUDA device, got none; (?:this build|this machine|the NVIDIA driver) /,
      ),
      '',
    ]);
    expect(status).toBe(3);
    expect(existsSync(out)).toBe(false);
  });

  it('lists the programs that are not there', () => {
    const empty = mkdtempSync(path.join(folder, 'empty-'));
    const files = ['samebits.node', 'conformance', 'prove_device', 'probe_device'].map((name) =>
      path.join(empty, name),
    );
    const message = `expected everything that the check needs, got these missing:\n  ${files.join('\n  ')}`;
    expect(check(['--built', empty])).toEqual({ status: 3, ...refusal(message) });
  });
});

describe('what it needs', () => {
  it('is listed with how to get it', () => {
    const nothing = path.join(folder, 'nothing');
    const before = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      expect(missingParts({ nodeHeaders: nothing, nvcc: nothing })).toEqual([
        `node_api.h: not in ${nothing}`,
        'nvcc: install the CUDA toolkit, set CUDACXX or give --nvcc PATH',
        'cmake: 3.22 or newer',
        'make: any',
        `${process.env['CXX'] ?? 'g++'}: with C++20`,
      ]);
    } finally {
      process.env['PATH'] = before;
    }
  });
});

describe('its build', () => {
  const home = path.join(folder, 'home');
  const cacheOf = (build: string, of: string) => {
    mkdirSync(path.join(home, build), { recursive: true });
    writeFileSync(
      path.join(home, build, 'CMakeCache.txt'),
      `# This\n//Home\nCMAKE_HOME_DIRECTORY:INTERNAL=${of}\nA:B=C=D\n`,
    );
  };
  const device = { compute_cap: '9.0' };

  it('is in the folder of build:cuda only if that is a build of these sources', () => {
    const own = path.join(home, 'build/gpu_check/native');
    expect(buildFolder(home)).toBe(own);
    cacheOf('build/cuda', '/elsewhere');
    expect(buildFolder(home)).toBe(own);
    cacheOf('build/cuda', home);
    expect(buildFolder(home)).toBe(path.join(home, 'build/cuda'));
    expect(cacheEntries(path.join(home, 'build/cuda/CMakeCache.txt'))).toEqual({
      CMAKE_HOME_DIRECTORY: home,
      A: 'C=D',
    });
  });

  it('is for the architecture of the device, or the one asked for, and keeps what was chosen before', () => {
    const own = path.join(home, 'build/gpu_check/native');
    const chosen = (options: object, cache: object, of: object = device) =>
      settings(options, { cache, device: of, folder: own, home }).filter((flag: string) =>
        flag.includes('ARCHITECTURES'),
      );
    expect(chosen({}, {})).toEqual(['-DCMAKE_CUDA_ARCHITECTURES=90-real']);
    expect(chosen({ arch: '80' }, {})).toEqual(['-DCMAKE_CUDA_ARCHITECTURES=80-real']);
    expect(chosen({}, { CMAKE_HOME_DIRECTORY: home })).toEqual([]);
    expect(() => chosen({}, {}, { missing: 'no nvidia-smi' })).toThrow(
      "expected nvidia-smi to name the device's architecture, got none (no nvidia-smi); give --arch, for example --arch 90",
    );
    expect(() => chosen({}, { CMAKE_HOME_DIRECTORY: '/elsewhere' })).toThrow(
      'expected build/gpu_check/native to be a build of this folder, got one of /elsewhere; remove it',
    );
  });

  it('knows the architecture of a compute capability', () => {
    expect(architecture(device)).toBe('90');
    expect(architecture({ compute_cap: '12.1' })).toBe('121');
    expect(architecture({ compute_cap: '[N/A]' })).toBeUndefined();
  });
});

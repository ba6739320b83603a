// What the tests of scripts/gpu-check run in place of a device: the programs built for the shim (test/shim), and the cases.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, vi } from 'vitest';
import { root } from '../architecture/sources.js';
import { buildAddon, buildConformance, buildDeviceProgram } from '../shim/build.js';
import { load } from './load.js';

const { hooks } = await load('child');
const kBuild = 900_000;

/** Values of the largest case: each kernel is reached, and test/determinism/device runs larger ones on the shim. */
const kMost = 5_000;

/** A folder of these tests and the programs, with what is needed beside: the program of cases and their file. All are there once the tests begin. */
export function onShim(needed: readonly ('conformance' | 'cases')[] = []) {
  // Each program starts node anew, and the shim runs kernels one thread at a time.
  vi.setConfig({ testTimeout: 600_000 });
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-gpu-check-'));
  const cases = path.join(folder, 'cases');
  const programs = { addon: '', conformance: '', prove: '', probe: '' };
  beforeAll(async () => {
    programs.addon = await buildAddon();
    [programs.prove, programs.probe] = await Promise.all([buildDeviceProgram('prove'), buildDeviceProgram('probe')]);
    if (needed.includes('conformance')) programs.conformance = await buildConformance();
    if (!needed.includes('cases')) return;
    const args = ['--import', hooks, 'test/conformance/export_cases.ts', cases, String(kMost)];
    await promisify(execFile)(process.execPath, args, { cwd: root });
  }, kBuild);
  afterAll(() => rmSync(folder, { recursive: true }));
  return { folder, cases, programs };
}

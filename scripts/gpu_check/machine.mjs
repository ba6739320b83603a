// What the machine says of itself: the device by nvidia-smi, the processor, the state of the sources.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release } from 'node:os';
import path from 'node:path';
import { root } from './child.mjs';

const fields = [
  ...['name', 'driver_version', 'compute_cap', 'memory.total', 'ecc.mode.current', 'power.limit', 'persistence_mode'],
  ...['clocks.max.sm', 'clocks.max.mem', 'clocks.sm', 'clocks.mem', 'temperature.gpu', 'utilization.gpu'],
];

const ask = (command, args) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** What a call prints, or { missing: why }. */
function asked(command, args) {
  try {
    return { text: ask(command, args).trim() };
  } catch (error) {
    const said = `${error.stderr ?? ''}${error.stdout ?? ''}`.trim().split('\n')[0];
    return { missing: said || error.message };
  }
}

/** The first device as nvidia-smi describes it, units in the values; { missing: why } where that cannot be had. */
export function describeDevice() {
  const { text, missing } = asked('nvidia-smi', [
    '-i',
    '0',
    `--query-gpu=${fields.join(',')}`,
    '--format=csv,noheader',
  ]);
  if (missing !== undefined) return { missing };
  const values = text.split(', ');
  return Object.fromEntries(fields.map((field, i) => [field, values[i] ?? null]));
}

/** `90` of a device whose compute capability is 9.0; undefined where nvidia-smi does not say. */
export function architecture(device) {
  return /^\d+\.\d$/.test(device.compute_cap ?? '') ? device.compute_cap.replace('.', '') : undefined;
}

/** The commit, and the digest of the lines by which the sources differ from it; { missing: why } outside a clone. */
export function describeSources() {
  const commit = asked('git', ['rev-parse', 'HEAD']);
  if (commit.missing !== undefined) return { missing: commit.missing };
  const changes = ask('git', ['status', '--porcelain', '--untracked-files=all']);
  const lines = ask('git', ['diff', 'HEAD']);
  const digest = createHash('sha256').update(changes).update(lines).digest('hex');
  return { commit: commit.text, changed: changes === '' ? null : `sha256:${digest}` };
}

export const packageVersion = () => JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version;

/** The processor and its system. */
export const describeProcessor = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  system: `${platform()} ${release()} ${process.arch}`,
  node: process.version,
  loadBefore: loadavg()[0],
});

/**
 * Finds a python3 that has PyTorch: an optional peer, measured in the same run when it is there, in its best layout, as it
 * is installed and with the C library told to keep freed memory, which spares it the page faults of fresh blocks.
 */
import { spawnSync } from 'node:child_process';

/** A python with torch, or why there is none. */
export type Torch = { python: string; version: string } | { missing: string };

const candidates = ['python3', '/usr/bin/python3'];

/** Variables of a process of PyTorch that keeps its memory. */
export const keptMemory = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: String(2 ** 40) };

/** The first python3 that imports torch. */
export function findTorch(): Torch {
  const reasons: string[] = [];
  for (const python of candidates) {
    const { status, stdout, stderr, error } = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
    });
    if (status === 0) return { python, version: stdout.trim() };
    reasons.push(`${python}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  }
  return { missing: reasons.join('; ') };
}

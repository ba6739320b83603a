/** Finds a python3 that has PyTorch: an optional peer, measured in the same run when it is there. */
import { spawnSync } from 'node:child_process';

/** A python with torch, or why there is none. */
export type Torch = { python: string; version: string } | { missing: string };

const candidates = ['python3', '/usr/bin/python3'];

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

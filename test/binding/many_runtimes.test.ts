// A runtime reserves address space ahead of what it is asked for. That is no memory: a program with more runtimes than the machine has
// GiB still starts processes, which Linux refuses to one that counts as larger than the machine.

import { execFileSync } from 'node:child_process';
import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { createRuntime, type Runtime, zeros } from '../../lib/index.js';

it('a program with more runtimes than the machine has GiB starts a process', () => {
  const runtimes: Runtime[] = [];
  try {
    for (let i = 0; i < totalmem() / 2 ** 30 + 4; ++i) {
      const runtime = createRuntime({ threads: 1 });
      runtimes.push(runtime);
      // Beyond 64 KiB, so that the large reserve is there.
      zeros(runtime, [20_000]);
    }
    expect(execFileSync(process.execPath, ['--version'], { encoding: 'utf8' })).toBe(`${process.version}\n`);
  } finally {
    for (const runtime of runtimes) runtime.dispose();
  }
});

// Compiles and loads the hostile addon: native code that switches the processor's floating-point state of the calling
// thread, as any library built with fast-math may do when it loads.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { headers } from '../support/node_headers.js';

export interface Hostile {
  /** The control bits of the thread's floating-point state. */
  get(): number;
  /** Sets them. */
  set(bits: number): void;
  /** Flush to zero, denormals are zero, round upwards. */
  readonly hostileBits: number;
  /** `a * b` in float under whatever the state is. */
  multiply(a: number, b: number): number;
}

const require = createRequire(import.meta.url);

export function loadHostile(): Hostile {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-hostile-'));
  try {
    const file = path.join(folder, 'hostile.node');
    const source = fileURLToPath(new URL('./hostile.cc', import.meta.url));
    const [compiler, ...first] = (process.env['CXX'] ?? 'g++').split(' ');
    const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-fPIC'];
    execFileSync(compiler!, [...first, '-std=c++20', '-O1', ...shared, `-I${headers()}`, source, '-o', file]);
    return require(file) as Hostile;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs `body` under the hostile state, and says whether the state was still there, all of it, afterwards. */
export function underHostileState<T>(hostile: Hostile, body: () => T): { result: T; stateKept: boolean } {
  const before = hostile.get();
  hostile.set(hostile.hostileBits);
  try {
    const result = body();
    return { result, stateKept: hostile.get() === hostile.hostileBits };
  } finally {
    hostile.set(before);
  }
}

// Writes the golden digest into every file of test/cases anew, from what this build computes. Do it after a change of the
// contract's version, or for the file of a new operation; a changed digest without a new version is a bug.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/golden'],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, SAMEBITS_GOLDEN: 'write' } },
);
process.exit(status ?? 1);

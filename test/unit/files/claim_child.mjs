// The child of claim.test.ts. On each line of stdin it claims the folder of its argument and prints `won` or the refusal;
// the line `release` lets go of it.
import { createInterface } from 'node:readline';
import { claimFolder } from '../../../dist/rooms/files.js';

let claim;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    claim.release();
    process.stdout.write('released\n');
    continue;
  }
  try {
    claim = claimFolder('race', process.argv[2]);
    process.stdout.write('won\n');
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
  }
}

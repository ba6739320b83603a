#!/usr/bin/env node
/** The command `samebits`. What it can do is loaded only now, so that an addon that does not load is told in one line. */
import { exitCodeOf, lineOf } from './failure.js';

// A reader that has seen enough (`| head -1`) closes its end: what is left to say is dropped, and the work goes on to its
// usual end and exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const given = process.argv.slice(2);
const argv = given.length === 0 ? ['--help'] : given;
import('./program.js')
  .then(({ program }) => program().parseAsync(argv, { from: 'user' }))
  .catch((error: unknown) => {
    const line = lineOf(error);
    if (line !== '') process.stderr.write(`samebits: ${line}\n`);
    process.exitCode = exitCodeOf(error);
  });

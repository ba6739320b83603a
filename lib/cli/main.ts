#!/usr/bin/env node
/** The command `samebits`. What it can do is loaded only now, so that an addon that does not load is told in one line. */
import { exitCodeOf, lineOf } from './failure.js';

const given = process.argv.slice(2);
const argv = given.length === 0 ? ['--help'] : given;
import('./program.js')
  .then(({ program }) => program().parseAsync(argv, { from: 'user' }))
  .catch((error: unknown) => {
    const line = lineOf(error);
    if (line !== '') process.stderr.write(`samebits: ${line}\n`);
    process.exitCode = exitCodeOf(error);
  });

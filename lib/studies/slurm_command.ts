/** Slurm's programs, and what was submitted by them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ArgumentError, NativeError } from '../errors/index.js';

/** A job array that was submitted. */
export interface SubmittedArray {
  job: string;
  trials: string[];
}

const who = 'slurm';
const run = promisify(execFile);

/**
 * What a program of Slurm prints. Rejects with ArgumentError where it is not there, NativeError in its own words where it ends badly.
 */
export async function slurm(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(program, [...args], { maxBuffer: 2 ** 26 })).stdout;
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string };
    if (code === 'ENOENT') {
      const hint = 'on another machine take study list --commands, or --shard';
      throw new ArgumentError({ who, expected: `${program} of Slurm on the PATH`, got: 'none', hint }, { cause });
    }
    const last = stderr.trim().split('\n').at(-1)!;
    const got = last.replace(/^\w+: (?:error|fatal): /, '') || `exit code ${code}`;
    throw new NativeError({ who, expected: `${program} to succeed`, got }, { cause });
  }
}

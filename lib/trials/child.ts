/**
 * One trial in a process of its own: `samebits train ... --json --out DIR`. The child tells its progress over the
 * channel node opens between parent and child, its result on stdout, and an error in one line on stderr.
 */
import { spawn } from 'node:child_process';
import { ArgumentError, NativeError, show } from '../errors/index.js';
import { lazySchema, refusalOf } from '../lazy/index.js';
import type { TrialProgress } from '../progress/index.js';
import type { TrainResult } from '../runs/index.js';
import { argumentsOf, type TrainOptions } from '../settings/index.js';

/** How a trial is started: the program with its leading arguments, the way to stop it, and who listens. */
export interface ChildOptions {
  command: readonly string[];
  signal?: AbortSignal;
  onProgress?: (progress: TrialProgress) => void;
}

/** Exit code of the command line for bad use, which stays bad use when it comes out of a trial. */
const badUse = 2;

const resultSchema = lazySchema((z) => {
  const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'a sha256 hash' });
  const number = z.number({ error: 'a number' });
  // Beside these it has the means of what was measured.
  const epoch = z.looseObject({ epoch: number, loss: number.nullable(), seconds: number, weightsHash: hash });
  return z.looseObject({
    target: z.string({ error: 'a target' }).regex(/^[^/]+\/[^/]+\/[^/]+$/, { error: 'device/isa/mode' }),
    contract: number,
    model: z.string({ error: 'the name of a model' }),
    settings: z.looseObject({}, { error: 'settings' }),
    threads: number,
    seed: number,
    parameters: number,
    dataHash: hash,
    weightsHash: hash,
    predictionsHash: hash.nullable(),
    stepSeconds: z.array(number, { error: 'step times' }).min(1, { error: 'step times' }),
    stepSecondsMedian: number,
    peakMemoryMiB: number,
    epochs: z.array(epoch, { error: 'epochs' }).min(1, { error: 'epochs' }),
  });
});

/** A training's result from data of unknown shape; throws ArgumentError naming the first field that does not fit. */
export function parseTrainResult(value: unknown, who = 'trial'): TrainResult {
  const parsed = resultSchema().safeParse(value);
  if (!parsed.success) throw refusalOf(who, parsed.error, value);
  return value as TrainResult;
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^samebits: /, '') || 'nothing on stderr'
  );
}

function parseOutput(who: string, stdout: string): TrainResult {
  try {
    // The format is that of the command's output; a result is kept without it.
    const { format: _, ...result } = Object(JSON.parse(stdout));
    return parseTrainResult(result, who);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new NativeError(
      { who, expected: 'one JSON object on stdout', got: show(stdout.slice(0, 80)) },
      { cause: error },
    );
  }
}

/**
 * Trains in a fresh process and resolves with its result. Rejects with NativeError if the child fails
 * (ArgumentError if it calls that bad use), naming what it said, and with `signal.reason` once a stopped child has ended.
 */
export function trainInChild(who: string, options: TrainOptions, child: ChildOptions): Promise<TrainResult> {
  const [program, ...leading] = child.command;
  const { signal } = child;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const trainer = spawn(program!, [...leading, 'train', ...argumentsOf(options), '--json'], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let stdout = '';
    let stderr = '';
    // Of a program that did not start, Node's kill would go to the processes of this one's group.
    const stop = () => trainer.pid !== undefined && trainer.kill('SIGINT');
    signal?.addEventListener('abort', stop, { once: true });
    trainer.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    trainer.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-4096)));
    trainer.on('message', (message) => child.onProgress?.(message as TrialProgress));
    trainer.on('error', (error) => {
      reject(new NativeError({ who, expected: `to start ${show(program)}`, got: error.message }, { cause: error }));
    });
    trainer.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      if (code !== 0) {
        const end = killedBy === null ? `exit code ${code}` : `signal ${killedBy}`;
        const Refused = code === badUse ? ArgumentError : NativeError;
        reject(new Refused({ who, expected: 'the training to succeed', got: `${end}: ${lastLine(stderr)}` }));
        return;
      }
      try {
        resolve(parseOutput(who, stdout));
      } catch (error) {
        reject(error);
      }
    });
  });
}

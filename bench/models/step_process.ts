/**
 * A training in a process of its own that takes one step per line on its stdin and answers with one line of JSON, so
 * that several trainings, ours and peers, can be timed turn by turn without sharing memory.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NativeError } from '../../lib/errors/index.js';
import type { TimedWork } from '../recorder.js';

/** The first line: the training is ready; nothing has been timed yet. */
export interface Ready {
  name: string;
  parameters: number;
}

/** The answer to one step. */
export interface StepReply {
  seconds: number;
  loss: number;
  /** Most memory the process has held so far, in MiB. */
  peakMemoryMiB: number;
}

export class StepProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(
    readonly label: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env } });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-2000);
    });
    // A process that ends early is reported when its next line is missed.
    this.#child.on('error', (error) => {
      this.#errors += error.message;
    });
    this.#child.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The process's first line. Throws NativeError when the process ends instead. */
  ready(): Promise<Ready> {
    return this.#answer<Ready>();
  }

  /** One training step. Throws NativeError when the process ends instead of answering. */
  step(): Promise<StepReply> {
    this.#child.stdin.write('step\n');
    return this.#answer<StepReply>();
  }

  /** One training step with its kernel calls timed: all of ours, convolutions and normalizations of a peer. */
  profile(): Promise<TimedWork> {
    this.#child.stdin.write('profile\n');
    return this.#answer<TimedWork>();
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await ended;
  }

  async #answer<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value) as T;
    throw new NativeError({
      who: 'bench',
      expected: `an answer from ${this.label}`,
      got: this.#errors.trim() || 'the end of its output',
    });
  }
}

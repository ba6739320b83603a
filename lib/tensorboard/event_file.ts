/** An event file that grows record by record. */
import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FileError, show } from '../errors/index.js';
import { makeFolders, reason, unmakeFolders } from '../files/index.js';
import { type Scalar, scalarRecord, startRecord, versionRecord } from './records.js';

const secondsNow = () => Date.now() / 1000;

/** Readers take the files of a folder by their names, so a new one has a later second in it than all before. */
function nameIn(folder: string): string {
  const earlier = readdirSync(folder).map((name) => Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? 0));
  const second = earlier.reduce((latest, one) => Math.max(latest, one + 1), Math.floor(secondsNow()));
  return `events.out.tfevents.${String(second).padStart(10, '0')}.${hostname()}.${process.pid}.samebits`;
}

/** A new file in a folder, which is made if it is not there. What is added is written by `flush` and `close`. */
export class EventFile {
  readonly #path: string;
  readonly #folder: string;
  readonly #made: string | undefined;
  readonly #file: number;
  #waiting: Buffer[] = [];
  #written = false;

  /** Throws FileError, in the words of `who`, for a folder that cannot be written in. */
  constructor(who: string, folder: string) {
    this.#folder = folder;
    try {
      this.#made = makeFolders(folder);
      this.#path = join(folder, nameIn(folder));
      this.#file = openSync(this.#path, 'wx');
    } catch (error) {
      const expected = `to be able to write in ${show(folder)}`;
      throw new FileError({ who, expected, got: reason(error) }, { cause: error });
    }
  }

  add(scalar: Scalar): void {
    this.#push((now) => scalarRecord(now, scalar));
  }

  /** Values from `step` on take the place of those in earlier files. */
  startAt(step: number): void {
    this.#push((now) => startRecord(now, step));
  }

  /** Writes what waits. Throws FileError. */
  flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      const expected = `to be able to write ${show(this.#path)}`;
      throw new FileError({ who: 'tensorboard', expected, got: reason(error) }, { cause: error });
    }
  }

  /** Writes what waits; a file without a value is taken away again. Throws FileError. */
  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
      if (!this.#written) {
        rmSync(this.#path);
        unmakeFolders(this.#folder, this.#made);
      }
    }
  }

  #push(recordAt: (now: number) => Buffer): void {
    const now = secondsNow();
    if (!this.#written) this.#waiting.push(versionRecord(now));
    this.#written = true;
    this.#waiting.push(recordAt(now));
  }
}

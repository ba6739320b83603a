// What a check keeps, in one folder: result.json, written whole after each step, so that a run that is killed keeps what it
// had; lines.jsonl, to which every case and step adds its line when it is known; and what other tools wrote.
import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A free name in `folder` with the date and the device: 2026-01-31-gpu-check-nvidia-h200, or with -2 and so on. */
export function freeName(folder, startedAt, device) {
  const slug =
    device
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'unknown';
  const stem = path.join(folder, `${startedAt.slice(0, 10)}-gpu-check-${slug}`);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? stem : `${stem}-${number}`;
    if (!existsSync(name)) return name;
  }
}

/** Writes a value as JSON, whole or not at all. */
export function writeResult(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.tmp`;
  writeFileSync(part, `${JSON.stringify(value, null, 1)}\n`, { flush: true });
  renameSync(part, file);
}

/** The folder of one check. `named` gives its name once the first thing is kept. */
export class Kept {
  #folder;
  #named;

  constructor(named) {
    this.#named = named;
  }

  /** Where a file of this name goes; the folder is there then. */
  file(name) {
    if (this.#folder === undefined) {
      this.#folder = this.#named();
      mkdirSync(this.#folder, { recursive: true });
    }
    return path.join(this.#folder, name);
  }

  /** Undefined while nothing was kept. */
  get folder() {
    return this.#folder;
  }

  /** Adds a line to what was found so far. */
  line(value) {
    appendFileSync(this.file('lines.jsonl'), `${JSON.stringify(value)}\n`);
  }

  result(value) {
    writeResult(this.file('result.json'), value);
  }
}

/** What a step that nobody watches keeps: figures, no lines, no files. */
export const nowhere = () => ({ figures: {}, note: () => {}, file: () => undefined });

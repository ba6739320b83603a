// The result of a check as one JSON file, written whole after each step, so that a run that is killed keeps what it had.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A free name in `folder` with the date and the device: 2026-01-31-gpu-check-nvidia-h200.json, or with -2 and so on. */
export function freeName(folder, startedAt, device) {
  const slug =
    device
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'unknown';
  const stem = path.join(folder, `${startedAt.slice(0, 10)}-gpu-check-${slug}`);
  for (let number = 1; ; number += 1) {
    const file = number === 1 ? `${stem}.json` : `${stem}-${number}.json`;
    if (!existsSync(file)) return file;
  }
}

/** Writes a value as JSON, whole or not at all. */
export function writeResult(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.tmp`;
  writeFileSync(part, `${JSON.stringify(value, null, 1)}\n`, { flush: true });
  renameSync(part, file);
}

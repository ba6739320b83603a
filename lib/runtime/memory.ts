/** The memory of this machine. What can never fit is refused with an error, before the system kills the process. */
import { totalmem } from 'node:os';
import process from 'node:process';
import { native } from '../addon/index.js';

/** The bytes that this process may use: those of the machine, or fewer where its control group (a container) allows fewer. */
export const machineMemory: number = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** A number of bytes in a readable unit: `1.5 GiB`. */
export function bytesText(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let [value, unit] = [bytes, 'bytes'];
  for (const next of units) {
    if (value < 1024) break;
    [value, unit] = [value / 1024, next];
  }
  if (unit === 'bytes') return `${bytes} bytes`;
  return value < 1024 ? `${value.toFixed(1)} ${unit}` : `${value.toExponential(1)} ${unit}`;
}

/**
 * @internal Frees the memory of an array that nobody reads again, which is empty then. V8 collects its whole heap for every few
 * megabytes of arrays that it has to free itself, which costs more than most of what they are used for.
 */
export const releaseArray = (values: Uint8Array | Float32Array): void => native.release(values);

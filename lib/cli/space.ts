/** Room on the disk: how much a folder will take is said before a large one is written, and refused where it cannot fit. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FileError, show } from '../errors/index.js';
import type { NeededSpace } from '../trials/index.js';
import { bytesText } from './bytes.js';

/** Folders from this size on are worth a line. */
const large = 100e6;

/** What goes on though there seems to be no room, as the value of `SAMEBITS_SPACE`. */
const unchecked = 'unchecked';

/** Bytes that a folder can still take, which need not be there yet. */
export function freeBytes(folder: string): number {
  let place = resolve(folder);
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
}

/** A folder that is about to be written. */
export interface Planned {
  /** Who asks. */
  who: string;
  folder: string;
  /** What it will take, and of what that is: `run folder`, `12 trials`. */
  bytes: number;
  of: string;
  /** What would make it smaller. */
  smaller: string;
}

/**
 * The line that says how large a folder will be; undefined for a small one. Throws FileError for one that cannot fit, unless the
 * environment says that nothing is to be checked.
 */
export function spaceLine({ who, folder, bytes, of, smaller }: Planned, free = freeBytes(folder)): string | undefined {
  const [needed, left] = [bytesText(bytes), bytesText(free)];
  if (bytes > free && process.env['SAMEBITS_SPACE'] !== unchecked) {
    throw new FileError({
      who,
      expected: `about ${needed} free for the ${of} in ${show(folder)}`,
      got: left,
      hint: `${smaller}, or give another --out; SAMEBITS_SPACE=${unchecked} goes on all the same`,
    });
  }
  return bytes >= large || bytes > free ? `${of}: about ${needed} in ${folder}, ${left} free` : undefined;
}

/** A signal that aborts with another one, or with the error of what was refused while others work. */
export function refusing(signal: AbortSignal): { signal: AbortSignal; refuse: (check: () => void) => void } {
  const own = new AbortController();
  const refuse = (check: () => void) => {
    try {
      check();
    } catch (error) {
      own.abort(error);
    }
  };
  return { signal: AbortSignal.any([signal, own.signal]), refuse };
}

/** Tells how much trials will take, and refuses what cannot fit. */
export const spaceTeller =
  ({
    refuse,
    line,
    ...planned
  }: Omit<Planned, 'bytes' | 'of'> & { refuse: (check: () => void) => void; line: (text: string) => void }) =>
  ({ bytes, trials, unknown }: NeededSpace): void =>
    refuse(() => {
      const others = unknown === 0 ? '' : ` of ${trials + unknown}, as far as it is known`;
      const told = spaceLine({ ...planned, bytes, of: `${trials} trial${trials === 1 ? '' : 's'}${others}` });
      if (told !== undefined) line(told);
    });

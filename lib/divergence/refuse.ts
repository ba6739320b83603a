/** The check that every measure over N runs makes on what it is given. */
import { ArgumentError, ShapeError } from '../errors/index.js';

/** Throws unless there are two or more arrays of one length: ArgumentError on their number, ShapeError on a length. */
export function requireRuns(who: string, runs: readonly Float32Array[]): void {
  if (runs.length < 2) throw new ArgumentError({ who, expected: 'at least two runs', got: `${runs.length}` });
  const length = runs[0]!.length;
  const other = runs.find((run) => run.length !== length);
  if (other === undefined) return;
  throw new ShapeError({ who, expected: `arrays of one length (${length})`, got: `${other.length}` });
}

/** What commands print with `--json`: one object on one line, whose first field names its format. */
import type { FormatName, formats } from './schemas/index.js';
import { formatOf } from './schemas/index.js';
import type { Json, Zod } from './schemas/words.js';

type Told<N extends FormatName> = (typeof formats)[N]['schema'] extends (z: Zod) => { _zod: { output: infer T } }
  ? T
  : never;

/** Prints a result as its format has it. */
export function printJson<const N extends FormatName>(name: N, result: Told<N>): void {
  process.stdout.write(`${JSON.stringify({ format: formatOf(name), ...(result as Json<object>) })}\n`);
}

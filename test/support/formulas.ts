// Names that a stranger may give a class or a file, and the cells of a CSV file that a spreadsheet would compute.

import fc from 'fast-check';

/** Names that are rich in what makes a formula or breaks a cell. */
export const strangeName: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(...'=+-@\t\r\n\'";, aZ09'.split(''), '\uff1d', '\uff0b', '\uff0d', '\uff20', 'cmd|', '\u00e9'),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** What a lenient reader sees as cells: a quote counts at a cell's beginning only, and what follows its end is kept. */
function* cellsOf(file: string, delimiter: string): Generator<string> {
  for (let at = 0; at < file.length; at += 1) {
    let cell = '';
    if (file[at] === '"') {
      for (at += 1; at < file.length; at += 1) {
        if (file[at] === '"' && file[at + 1] !== '"') break;
        if (file[at] === '"') at += 1;
        cell += file[at];
      }
      at += 1;
    }
    for (; at < file.length && file[at] !== delimiter && file[at] !== '\n' && file[at] !== '\r'; at += 1)
      cell += file[at];
    yield cell;
  }
}

/** Cells that are no number and begin as a formula does; a line's end is one only where it was written as a cell's begin. */
export function formulaCells(file: string, delimiter = ','): string[] {
  const begins = delimiter === ',' ? /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/ : /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;
  // To a reader who parts at semicolons, a number and what follows it up to the next one are one cell.
  const number = /^-?[\d.]+(?:e[+-]?\d+)?(?:,|$)/;
  return [...cellsOf(file, delimiter)].filter((cell) => begins.test(cell) && !number.test(cell));
}

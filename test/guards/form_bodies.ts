// Where the special forms of the kernels (test/forms) are written down: the bodies of their functions, by file and place.

import path from 'node:path';
import { filesUnder, text } from '../architecture/sources.js';
import { forms } from '../forms/forms.js';

interface Body {
  file: string;
  begin: number;
  end: number;
}

/** The same text with blanks for comments, so that every place stays where it is. */
const code = (file: string): string => text(file).replace(/\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));

/** The place of the bracket that closes the one at `at`. */
function closing(source: string, at: number): number {
  const pairs: Record<string, string> = { '(': ')', '{': '}' };
  const [open, shut] = [source[at]!, pairs[source[at]!]!];
  let depth = 0;
  for (let i = at; i < source.length; ++i) {
    if (source[i] === open) ++depth;
    if (source[i] === shut && --depth === 0) return i;
  }
  throw new Error(`expected the bracket at ${at} to be closed, got the end of the file`);
}

/** The bodies of the functions of a name, in a class where it says one: `Reader::copy_row`. */
function bodiesOf(name: string, file: string): Body[] {
  const source = code(file);
  const [last, owner] = name.split('::').reverse() as [string, string?];
  let [from, to] = [0, source.length];
  if (owner !== undefined) {
    const head = new RegExp(`struct ${owner}\\b[^;{]*\\{`).exec(source);
    if (head === null) return [];
    from = head.index;
    to = closing(source, from + head[0].length - 1);
  }
  return [...source.matchAll(new RegExp(`\\b${last}(?=\\()`, 'g'))].flatMap(({ index }) => {
    if (index < from || index >= to) return [];
    const behind = closing(source, index + last.length) + 1;
    const head = /^\s*(?:const\s*)?(?:noexcept\s*)?\{/.exec(source.slice(behind));
    return head === null ? [] : [{ file, begin: index, end: closing(source, behind + head[0].length - 1) }];
  });
}

/** Every special form by operation and name, without the arguments of its template: they share a body. */
export function formBodies(): { form: string; bodies: Body[] }[] {
  return Object.entries(forms).flatMap(([room, names]) => {
    const shared = path.extname(room) === '.h';
    const files = shared ? [`native/simd/${room}`] : filesUnder(`native/ops/${room}`, ['.h']);
    const plain = new Set(names.map((name) => name.replace(/<[^>]*>?/g, '').trim()));
    return [...plain].map((name) => ({
      form: `${room}: ${name}`,
      bodies: files.flatMap((file) => bodiesOf(name, file)),
    }));
  });
}

/** Keys that a JSON text says twice in one object: JSON.parse keeps the last without a word, so two readers may differ. */

/** Where the string that begins at `start` ends, its closing quote included. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
}

/** The first key that stands twice in an object of a text that is JSON; undefined where every key stands once. */
export function repeatedKey(text: string): string | undefined {
  // A loop of its own: an expression over a text of many megabytes, or a call for each depth, would run out of stack.
  /** Keys seen in each open object; undefined for an open list. */
  const open: (Set<string> | undefined)[] = [];
  /** Whether a string here is a key: behind the brace or a comma of an object. */
  let isKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = stringEnd(text, at);
      const keys = open.at(-1);
      if (isKey && keys !== undefined) {
        const key = JSON.parse(text.slice(at, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      isKey = false;
      at = end - 1;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined);
      isKey = true;
    } else if (character === '}' || character === ']') open.pop();
    else if (character === ',') isKey = true;
  }
  return undefined;
}

/** Markup that cannot be broken by what it shows: everything put into a template is escaped unless it is markup itself. */

/** A piece of finished markup. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Part = Markup | string | number | readonly Part[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function write(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(write).join('');
  return String(part).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Markup from a template: html`<p>${text}</p>`. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((text, piece, index) => text + write(parts[index - 1]!) + piece));
}

/** A hash, shortened for the eye; hovering shows the whole, selecting it takes the whole. */
export function hashMarkup(hash: string): Markup {
  return html`<code class="hash" title="${hash}">${hash}</code>`;
}

/** The head of a column; `words` are set to the left and broken into lines, anything else is a number. */
export interface Head {
  title: string;
  words?: boolean;
}

/** A table in a box in which it scrolls; the first column names the row, and `files` stand behind its caption. */
export function scrolling(
  head: readonly Head[],
  rows: readonly (readonly Part[])[],
  caption: Part,
  files: Part = '',
): Markup {
  const kind = (column: number) => (head[column]!.words === true ? 'words' : 'number');
  const body = rows.map(
    ([
      first,
      ...rest
    ]) => html`<tr><th scope="row">${first!}</th>${rest.map((cell, i) => html`<td class="${kind(i + 1)}">${cell}</td>`)}</tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table>
<caption><span>${caption} ${files}</span></caption>
<thead><tr>${head.map(({ title }, i) => html`<th scope="col" class="${kind(i)}">${title}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>`;
}

/** A list of names and values. */
export function facts(entries: readonly (readonly [string, Part])[]): Markup {
  return html`<dl>${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

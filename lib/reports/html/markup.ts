/** Markup that cannot be broken by what it shows: everything put into a template is escaped unless it is markup itself. */

/** A piece of finished markup. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | readonly Part[];

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

/** A table whose first column is text and whose others are numbers; `rows` hold cells of markup or text. */
export function table(head: readonly string[], rows: readonly (readonly Part[])[], caption?: string): Markup {
  return html`<div class="scroll"><table>
${caption === undefined ? '' : html`<caption>${caption}</caption>`}
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([
      first,
      ...rest
    ]) => html`<tr><th scope="row">${first!}</th>${rest.map((cell, column) => html`<td data-name="${head[column + 1]!}">${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

/** A list of names and values. */
export function facts(entries: readonly (readonly [string, Part])[]): Markup {
  return html`<dl>${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

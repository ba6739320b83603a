/** The verdict: one card a target, with each run's hash as text and as a strip of 32 cells, one a byte. */
import type { Result } from '../../experiments/index.js';
import { hashMarkup, html, Markup } from '../html/markup.js';
import { priceSentence, verdictsOf } from '../verdict.js';

/** A hash as a strip: cell k is as dark as byte k is large, so equal hashes look equal. */
export function hashStrip(hash: string): Markup {
  const bytes = hash.replace(/^sha256:/, '').match(/../g) ?? [];
  const cells = bytes.map((byte, index) => {
    const opacity = (0.06 + (0.94 * Number.parseInt(byte, 16)) / 255).toFixed(2);
    return `<rect x="${index}" width="1" height="1" fill-opacity="${opacity}"/>`;
  });
  return new Markup(
    `<svg viewBox="0 0 ${bytes.length} 1" preserveAspectRatio="none" fill="currentColor" aria-hidden="true" shape-rendering="crispEdges">${cells.join('')}</svg>`,
  );
}

/** The cards of all targets and, if both modes ran, the price in a sentence. */
export function cards(result: Result): Markup {
  const each = verdictsOf(result).map(({ target, heading, sentence }) => {
    const { mode, runs, names } = result.targets[target]!;
    const hashes = runs.map(
      (run, index) =>
        html`<li><span>${names?.[index] ?? `run ${index + 1}`}</span>${hashMarkup(run.weightsHash)}${hashStrip(run.weightsHash)}</li>`,
    );
    return html`<section class="card ${mode}"><h2>${target}</h2><p class="count">${heading}</p><p>${sentence}</p>
<ol>${hashes}</ol></section>
`;
  });
  const price = result.price === null ? '' : html`<p class="lead price">${priceSentence(result.price)}</p>`;
  return html`<div class="cards">${each}</div>${price}`;
}

/** A comparison of two results as one HTML file that needs nothing else. */
import type { Diff, ElementDifference } from '../../audit/index.js';
import { headlineOf, placeOf, remarksOf, thingOf } from '../words.js';
import { facts, hashMarkup, html, type Markup, scrolling } from './markup.js';
import { documentOf } from './page.js';

function elementTable(element: ElementDifference, caption: string): Markup {
  const row = (name: string, { decimal, hex }: ElementDifference['a']) => [name, decimal, hex];
  const { tensor, at, shape, ulp, differing, elements } = element;
  const apart = ulp === null ? '' : `${ulp} ulp apart; `;
  return html`${scrolling([{ title: '' }, { title: 'value' }, { title: 'bits' }], [row('A', element.a), row('B', element.b)], caption)}
<p class="note">Element [${at.join(', ')}] of ${tensor} [${shape.join(', ')}]. ${apart}${differing} of ${elements} elements differ.</p>`;
}

/** The page of a comparison. */
export function diffPage(diff: Diff): string {
  const { difference, root, a, b } = diff;
  const headline = headlineOf(diff);
  const title = headline[0]!.toUpperCase() + headline.slice(1);
  const where = difference && [
    ['Place', placeOf(difference)] as const,
    ['What', thingOf(difference)] as const,
    ['Tensors that differ there', `${difference.tensors.differing} of ${difference.tensors.all}`] as const,
  ];
  const element = difference?.element;
  const saved = difference?.saved;
  return documentOf(
    title,
    html`<header><h1>${title}</h1></header>
<main>
${facts([['A', a], ['B', b], ...(root === null ? [] : [['Root', hashMarkup(root)] as const]), ...(where ?? [])])}
${element ? elementTable(element, 'The first element that differs') : ''}
${saved ? elementTable(saved.element, `The first element that differs in the weights saved after epoch ${saved.epoch}`) : ''}
${remarksOf(diff).map((remark) => html`<p class="note">${remark[0]!.toUpperCase() + remark.slice(1)}.</p>`)}
</main>`,
  );
}

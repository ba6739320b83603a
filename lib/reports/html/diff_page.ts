/** A comparison of two results as one HTML file that needs nothing else. */
import type { ElementDifference, Replay, ReplayedDiff, SideOrder } from '../../audit/index.js';
import { arrivalColumns, joinWords, orderCells, replayHeadline } from '../replay_words.js';
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

const arrivalHeads = arrivalColumns.map((title) => ({ title, words: title === 'takes' }));

const sentence = (words: string) => html`<p class="note">${words[0]!.toUpperCase() + words.slice(1)}.</p>`;

function sidePart(name: string, side: SideOrder, parting: number | undefined): Markup {
  const order =
    side.arrivals.length === 0 ? '' : scrolling(arrivalHeads, orderCells(side, parting), `How ${name} added`);
  return html`${sentence(`${name}: ${side.words}`)}${order}`;
}

function replayPart(replay: Replay): Markup {
  const { element, sides, remarks } = replay;
  const join = joinWords(replay);
  return html`<section><h2>The replay</h2>
${sentence(replayHeadline(replay))}
${element ? elementTable(element, 'The element in the replay') : ''}
${join === undefined ? '' : sentence(join)}
${sides === null ? '' : sides.map((side, i) => sidePart('AB'[i]!, side, replay.join?.arrival))}
${remarks.map(sentence)}
</section>`;
}

/** The page of a comparison, with its replay where there is one. */
export function diffPage(diff: ReplayedDiff): string {
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
${remarksOf(diff).map(sentence)}
${diff.replay ? replayPart(diff.replay) : ''}
${diff.noReplay ? sentence(`no replay: ${diff.noReplay}`) : ''}
</main>`,
  );
}

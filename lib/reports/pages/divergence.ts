/** The page on divergence: when runs part, how the distance grows, and what is different at the end. */
import type { TargetResult } from '../../experiments/index.js';
import { type Book, eachResult, type Page, type ReportedResult, targetsOf } from '../book.js';
import { divergenceCurves, heatMap } from '../charts/divergence.js';
import { growthChart, growthSentence } from '../charts/growth.js';
import { layerStepsChart, stepsChart, stepsSentence } from '../charts/steps.js';
import { bitChart, bitSentence, similarityChart, ulpChart } from '../charts/weights.js';
import { compact, integer, percent, plural } from '../format.js';
import { html, type Markup } from '../html/markup.js';
import {
  bitsTable,
  divergenceTable,
  epochPairsTable,
  histogramTable,
  layersTable,
  similarityTable,
  spreadTable,
} from '../tables/divergence.js';
import { stepGrowthTable, stepPairsTable, stepsTable } from '../tables/steps.js';

/** A distance that only two numbers of different sign, or of very different size, can have. */
const crossing = 1e9;

/** Sign flips and predictions on which the runs disagree. */
function countsSentence({ divergence: { all, pairs, predictions } }: TargetResult): string {
  const flips = `${compact(all.signFlips / pairs)} weights have another sign in one of two runs, on average.`;
  if (predictions === null) return flips;
  const { samples, differing, minimum, mean, maximum } = predictions;
  if (differing === 0) return `${flips} On all ${integer(samples)} validation samples the runs predict the same.`;
  const range = `${percent(minimum)} to ${percent(maximum)} of them, ${percent(mean)} on average`;
  return `${flips} On ${integer(differing)} of ${integer(samples)} validation samples the runs do not all predict the same; two runs disagree on ${range}.`;
}

/** How the distance grows inside the epochs; nothing where no weights of steps were kept. */
async function stepsSection(book: Book, model: string, target: TargetResult): Promise<Markup> {
  const { steps } = target.divergence;
  if (steps === null) return html``;
  const id = `${model}-${target.mode}`;
  return html`<h4>From step to step</h4>
<p>${stepsSentence(steps)}</p>
${await book.row([
  [`${id}-steps`, stepsChart(target, steps)],
  [`${id}-layer-steps`, layerStepsChart(steps)],
])}
${book.table(stepGrowthTable(model, target, steps))}
`;
}

async function targetSection(book: Book, model: string, name: string, target: TargetResult): Promise<Markup> {
  const { mode, divergence, runs } = target;
  const { pairs, firstEpoch, similarity, all, steps } = divergence;
  for (const table of [histogramTable(model, target), bitsTable(model, target), similarityTable(model, target)]) {
    book.data(table);
  }
  if (firstEpoch === null && (steps?.firstApart ?? null) === null) {
    return html`<h3>${name}</h3>
<p>Nothing to draw: after every epoch all ${plural(runs.length, 'run')} hold the same bits. Every distance is 0 in every
layer, every cosine similarity 1, every standard deviation 0.${steps === null ? '' : ` ${stepsSentence(steps)}`}</p>
`;
  }
  const id = `${model}-${mode}`;
  const curves = divergenceCurves(target).map(([what, chart]) => [`${id}-${what}`, chart] as const);
  const { lastLayer } = similarity;
  return html`<h3>${name}</h3>
<p>${firstEpoch === null ? 'Hashes are the same after every epoch.' : `Hashes differ from epoch ${firstEpoch} on.`} All figures are over ${plural(pairs, 'pair')} of runs.
${growthSentence(divergence)}</p>
${await book.row([[`${id}-growth`, growthChart(target)], ...curves])}
<div class="${mode}">${await book.figure(`${id}-heat`, heatMap(target, 'wide'), heatMap(target, 'narrow'))}</div>
${await stepsSection(book, model, target)}
<h4>At the end</h4>
<p>${countsSentence(target)} ${bitSentence(target)}</p>
${await book.row([
  [`${id}-ulp-histogram`, ulpChart(target)],
  [`${id}-bit-positions`, bitChart(target)],
  [`${id}-similarity`, similarityChart(similarity.all, 'all weights')],
  [`${id}-similarity-last`, similarityChart(lastLayer, `the last layer (${lastLayer.layer})`)],
])}
${book.table(layersTable(model, target))}
${
  all.maxUlp < crossing
    ? ''
    : html`<p class="note">The largest ulp distances lie between two weights on either side of zero: every number that a float32
can hold between them counts, and most of those are tiny.</p>
`
}
${book.table(spreadTable(model, target))}
`;
}

/** The page `divergence.html`. */
export async function divergencePage(book: Book, reported: readonly ReportedResult[]): Promise<Page> {
  const body = await eachResult(reported, async ({ result }) => {
    book.data(divergenceTable(result));
    book.data(epochPairsTable(result));
    if (targetsOf(result).some(([, { divergence }]) => divergence.steps !== null)) {
      for (const table of [stepsTable(result), stepPairsTable(result)]) book.data(table);
    }
    const each: Markup[] = [];
    for (const [name, target] of targetsOf(result)) {
      each.push(await targetSection(book, result.definition.model, name, target));
    }
    return html`${each}`;
  });
  const intro = html`<p>An ulp is one step to the next number that a float32 can hold: two weights that are 1 ulp apart are
neighbours. Of two unrelated numbers about half of all bits differ.</p>
`;
  return { file: 'divergence.html', name: 'Divergence', body: html`${intro}${body}` };
}

/** The page on explanations: Grad-CAM of every run side by side, and how stable it is. */
import type { ExplainedPicture, ExplainedRuns, Result } from '../../experiments/index.js';
import { jet } from '../../explain/index.js';
import { type Book, eachResult, type Page, type ReportedResult } from '../book.js';
import { fixed, plural } from '../format.js';
import { html, type Markup } from '../html/markup.js';
import { heatTable, pairsTable, stabilityTable } from '../tables/explanations.js';

/** A path below the page as a link: each name escaped, whatever is in it. */
const linkTo = (folder: string, path: string) =>
  [...(folder === '' ? [] : [folder]), ...path.split(/[\\/]/)].map(encodeURIComponent).join('/');

function picture(folder: string, path: string, alt: string, caption: string, mode: string): Markup {
  return html`<figure class="${mode}"><img src="${linkTo(folder, path)}" alt="${alt}" width="180" height="180"><figcaption>${caption}</figcaption></figure>
`;
}

/** One picture as it is, then with the heat of each run. */
function pictureRow(folder: string, { runs }: ExplainedRuns, shown: ExplainedPicture, place: number): Markup {
  const { name, explanations, overlays } = shown;
  const { class: of } = explanations;
  const byTarget = [...new Set(runs.map(({ target }) => target))].flatMap((target) =>
    runs.flatMap((run, i) => (run.target === target ? [i] : [])),
  );
  const heat = byTarget.map((i) => {
    const { predictions, hasHeat } = explanations.runs[i]!;
    const { target, run } = runs[i]!;
    const mode = target.split('/').at(-1)!;
    const { class: predicted, probability } = predictions[0]!;
    const found = `${predicted} ${fixed(probability, 3)}${hasHeat ? '' : ', no heat'}`;
    const alt = `Heat of ${mode} run ${run} for the class ${of} over picture ${place + 1}`;
    return picture(folder, overlays[i]!, alt, `${mode} ${run}: ${found}`, mode);
  });
  return html`<h3>${place + 1} ${of}: ${name}</h3>
<div class="pictures">${picture(folder, shown.picture, `Validation picture ${place + 1}, ${of}`, 'as the network sees it', '')}${heat}</div>
`;
}

/** Whether the samples of an experiment are pictures of a size that was asked for. */
const arePictures = ({ definition }: Result) => typeof definition.imageSize === 'number';

/** Why nothing is explained. */
function nothing(result: Result): Markup {
  if (arePictures(result)) {
    return html`<p>No pictures were explained: there were none to validate on, or <code>--explain 0</code> was asked for.</p>`;
  }
  return html`<p>Nothing was explained: there was nothing to validate on, <code>--explain 0</code> was asked for, or samples are not
bytes in one or three channels, each of one class.</p>`;
}

function explainedSection(book: Book, { result, folder }: ReportedResult): Markup {
  const { explained } = result;
  if (explained === null) return nothing(result);
  for (const table of [heatTable(result, explained), pairsTable(result, explained)]) book.data(table);
  const { layer, score, maps } = explained.pictures[0]!.explanations.runs[0]!;
  return html`<p>Heat of ${plural(explained.runs.length, 'run')} on the first validation pictures of each class, for the class
that the picture belongs to. Layer ${layer}, maps of ${maps.join(' \u00d7 ')}, by ${score}.</p>
${explained.pictures.map((one, place) => pictureRow(folder, explained, one, place))}
${book.table(stabilityTable(result, explained))}
<p class="note">Bit patterns: how many different heat maps the runs of the mode made, by their hashes. Correlation is
Pearson\u2019s, SSIM structural similarity; \u201chottest 10 % shared\u201d is the share of one run\u2019s hottest tenth that is among
the other\u2019s; \u201ccentre moved\u201d is the distance of the centres of mass, in pixels.</p>
`;
}

/** The colours of heat from none to most, in 17 steps. */
const heatColours = Array.from({ length: 17 }, (_, i) => Math.min(255, i * 16)).map(
  (step) => `rgb(${[...jet.subarray(3 * step, 3 * step + 3)].join(' ')})`,
);

const heatBar = html`<p class="bar"><span>no heat, 0</span><span role="img" aria-label="Colours of heat: blue, green, yellow, red" style="background: linear-gradient(to right, ${heatColours.join(', ')})"></span><span>most heat of the picture, 1</span></p>
`;

/** The page `explanations.html`. */
export async function explanationsPage(book: Book, reported: readonly ReportedResult[]): Promise<Page> {
  const where = reported.some(({ result }) => result.explained !== null || arePictures(result))
    ? 'a picture'
    : 'a sample';
  const intro = html`<p>Grad-CAM shows where in ${where} a network looked for a class, in the colours that the papers have it in (jet). It is computed in
deterministic mode for all runs, so what differs here differs because the trained weights do.</p>
`;
  const body = await eachResult(reported, (one) => explainedSection(book, one));
  return {
    file: 'explanations.html',
    name: 'Explanations',
    body: html`${intro}${reported.some(({ result }) => result.explained !== null) ? heatBar : ''}${body}`,
  };
}

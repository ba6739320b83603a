/** The sections of the report below the verdict. */
import { argumentsOf, type Result, type TargetResult, trainOptionsOf } from '../../experiments/index.js';
import { sourcesOf } from '../../training/index.js';
import { curveCharts } from '../charts/curves.js';
import { bitChart, divergenceCurves, heatMap, heatRange } from '../charts/divergence.js';
import { ratioChart, stepTimeChart } from '../charts/price.js';
import { type Chart, render } from '../charts/render.js';
import { compact, duration, fixed, integer, percent, plural, similarity } from '../format.js';
import { priceSentence } from '../verdict.js';
import { facts, hashMarkup, html, Markup, table } from './markup.js';

async function figure(id: string, chart: Chart, kind = ''): Promise<Markup> {
  return html`<figure class="${kind}">${new Markup(await render(id, chart))}</figure>
`;
}

const targetsOf = (result: Result): [string, TargetResult][] => Object.entries(result.targets);

function key(result: Result): Markup {
  const names = targetsOf(result).map(
    ([, { mode, runs }]) => html`<span class="${mode}">${mode}, ${plural(runs.length, 'run')}</span>`,
  );
  return html`<p class="key">${names}</p>`;
}

/** Loss and accuracy of every run. */
export async function trainingSection(result: Result): Promise<Markup> {
  const figures = [];
  for (const [index, chart] of curveCharts(result).entries()) figures.push(await figure(`curve${index}`, chart));
  const rows = targetsOf(result).flatMap(([, { mode, runs }]) =>
    runs.map((run, index) => {
      const last = run.epochs.at(-1)!;
      const seconds = run.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0) / run.epochs.length;
      return [
        `${mode} ${index + 1}`,
        hashMarkup(run.weightsHash),
        fixed(last.loss, 6),
        percent(last.accuracy),
        fixed(last.valLoss, 6),
        last.valAccuracy === null ? '\u2013' : percent(last.valAccuracy),
        duration(seconds),
      ];
    }),
  );
  const head = ['run', 'weights', 'loss', 'accuracy', 'val. loss', 'val. accuracy', 'an epoch'];
  return html`<h2>Training</h2>
<p>Every run starts from the same seed and sees the same pictures in the same order. Runs that compute the same numbers
draw one line.</p>
${key(result)}<div class="figures">${figures}</div>
${table(head, rows, 'The runs after the last epoch')}
`;
}

/** A distance that only two numbers of different sign, or of very different size, can have. */
const crossing = 1e9;

async function targetDivergence(name: string, target: TargetResult, id: string): Promise<Markup> {
  const { layers, all, pairs, firstEpoch } = target.divergence;
  const [least, largest] = heatRange(target) ?? [0, 0];
  if (firstEpoch === null) {
    return html`<h3>${name}</h3>
<p>Nothing to draw: after every epoch all ${plural(target.runs.length, 'run')} hold the same bits. Every distance is 0 in
every layer.</p>
`;
  }
  const rows = [...layers, { layer: 'all weights', ...all }].map((layer) => [
    layer.layer,
    integer(layer.maxUlp),
    compact(layer.meanUlp),
    percent(layer.differingBits),
    similarity(layer.cosineSimilarity),
  ]);
  const figures = [];
  for (const [index, chart] of [...divergenceCurves(target), bitChart(target)].entries()) {
    figures.push(await figure(`${id}-${index}`, chart));
  }
  return html`<h3>${name}</h3>
<p>Hashes differ from epoch ${firstEpoch} on. All figures are over ${plural(pairs, 'pair')} of runs.</p>
<div class="${target.mode}">${await figure(`${id}-wide`, heatMap(target, 'wide'), 'wide')}${await figure(`${id}-narrow`, heatMap(target, 'narrow'), 'narrow')}
<p class="note">Mean ulp distance after each epoch: ${compact(least)}<span class="ramp"></span>${compact(largest)}, on a
logarithmic scale; k, M and G are thousands, millions and thousand millions.</p></div>
<div class="figures">${figures}</div>
${table(['layer', 'largest ulp', 'mean ulp', 'bits that differ', 'cosine similarity'], rows, 'After the last epoch')}
${
  all.maxUlp < crossing
    ? ''
    : html`<p class="note">The largest distances lie between two weights on either side of zero: every number that a float32 can
hold between them counts, and most of those are tiny.</p>
`
}`;
}

/** How far apart the runs of each target are, by layer and epoch. */
export async function divergenceSection(result: Result): Promise<Markup> {
  const each = [];
  for (const [index, [name, target]] of targetsOf(result).entries()) {
    each.push(await targetDivergence(name, target, `target${index}`));
  }
  return html`<h2>Divergence</h2>
<p>An ulp is one step to the next number that a float32 can hold: two weights that are 1 ulp apart are neighbours. Of two
unrelated numbers about half of all bits differ.</p>
${each}`;
}

/** What determinism costs in time. */
export async function priceSection(result: Result): Promise<Markup> {
  const ratio = result.price === null ? '' : await figure('ratio', ratioChart(result.price));
  const rows = targetsOf(result).flatMap(([, { mode, runs }]) =>
    runs.map((run, index) => [
      `${mode} ${index + 1}`,
      duration(run.stepSecondsMedian),
      integer(run.stepSeconds.length),
      duration(run.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)),
      `${integer(run.peakMemoryMiB)} MiB`,
    ]),
  );
  const sentence =
    result.price === null
      ? 'Only one mode was run, so there is nothing to set its times against.'
      : `${priceSentence(result.price)} Runs of the two modes took turns. The interval is a percentile bootstrap that draws runs first and steps inside a run second.`;
  return html`<h2>Price of determinism</h2>
<p>${sentence}</p>
<div class="figures">${await figure('steps', stepTimeChart(result))}${ratio}</div>
<p class="note">Dot: median. Thick: middle half of the steps. Thin: middle 80 %.</p>
${table(['run', 'median step', 'steps', 'all epochs', 'peak memory'], rows)}
`;
}

/** What was run and on what. */
export function settingsSection(result: Result): Markup {
  const { definition, machine, versions } = result;
  const first = targetsOf(result)[0]![1].runs[0]!;
  return html`<h2>What was run, and on what</h2>
${facts([
  ['model', definition.model],
  ['trainable parameters', integer(first.parameters)],
  ['data', definition.data],
  ['data hash', hashMarkup(first.dataHash)],
  ['validation data', definition.validation ?? 'as the data brings it'],
  ['training samples', definition.samples === undefined ? 'all' : integer(definition.samples)],
  ['picture size', `${definition.imageSize} \u00d7 ${definition.imageSize}`],
  ['batch size', integer(definition.batchSize)],
  ['epochs', integer(definition.epochs)],
  ['seed', String(definition.seed)],
  ['runs in each mode', integer(definition.runs)],
  ['threads', integer(first.threads)],
  ['processor', machine.cpu],
  ['cores', integer(machine.cores)],
  ['memory', `${integer(machine.memoryMiB)} MiB`],
  ['system', `${machine.platform} ${machine.arch}, ${machine.osRelease}`],
  ['samebits', `${versions.samebits}, contract ${versions.contract}`],
  ['node', versions.node],
  ['started', `${result.startedAt.slice(0, 16).replace('T', ' ')} UTC`],
])}
`;
}

const quoted = (word: string) => (/^[\w./:=@,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The commands that make this report, and one run of it, again. */
export function againSection(result: Result): Markup {
  const { definition } = result;
  const once = trainOptionsOf(definition, definition.modes[0]!);
  const { mode, ...common } = { ...once, ...sourcesOf(definition) };
  const line = (words: string[]) => words.map(quoted).join(' ');
  const all = ['--modes', definition.modes.join(','), '--runs', String(definition.runs)];
  const deterministic = targetsOf(result).find(([, target]) => target.mode === 'deterministic');
  const expected =
    deterministic?.[1].distinctWeights === 1
      ? html`<p>On any machine this prints the weights hash ${hashMarkup(deterministic[1].runs[0]!.weightsHash)}, whatever the
number of threads and the instruction set, as long as data and contract version are the same.</p>`
      : '';
  return html`<h2>How to run it again</h2>
<h3>The whole comparison</h3>
<pre>${line(['npx', 'samebits', 'compare', ...argumentsOf(common), ...all])}</pre>
<h3>One ${definition.modes[0]!} run</h3>
<pre>${line(['npx', 'samebits', 'train', ...argumentsOf(once)])}</pre>
${expected}
<p class="note">A weights hash is the SHA-256 over the name, dtype and shape of every tensor and its values as little-endian
float32, in the order of the model. Hover over a hash to see all of it; a click selects the whole.</p>
`;
}

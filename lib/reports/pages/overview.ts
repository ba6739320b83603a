/** The first page: the verdict, the curves of every run, what was run and on what, and how to run it again. */
import { type Result, trainOptionsOf } from '../../experiments/index.js';
import { argumentsOf, sourcesOf } from '../../settings/index.js';
import { type Book, eachResult, type Page, type ReportedResult, targetsOf } from '../book.js';
import { curveCharts } from '../charts/curves.js';
import { integer, plural } from '../format.js';
import { facts, hashMarkup, html, type Markup } from '../html/markup.js';
import { endTable, epochsTable, runsTable } from '../tables/runs.js';
import { threadsOf } from '../verdict.js';
import { commandLine, filesNote, hashNote, runAgain } from './again.js';
import { cards } from './cards.js';

function key(result: Result): Markup {
  const names = targetsOf(result).map(
    ([, { mode, runs }]) => html`<span class="${mode}">${mode}, ${plural(runs.length, 'run')}</span>`,
  );
  return html`<p class="key">${names}</p>`;
}

/** Loss and accuracy of every run. */
async function trainingSection(book: Book, result: Result): Promise<Markup> {
  const { model } = result.definition;
  book.data(runsTable(result));
  book.data(epochsTable(result));
  const charts = curveCharts(result).map(([measure, chart]) => [`${model}-${measure}`, chart] as const);
  return html`<h2>Training</h2>
<p>Every run starts from the same seed and sees the same samples in the same order. Runs that compute the same numbers
draw one line.</p>
${key(result)}${await book.row(charts)}
${book.table(endTable(result))}
`;
}

/** What was run and on what. */
function settingsSection(result: Result): Markup {
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
  ...(typeof definition.imageSize === 'number'
    ? [['picture size', `${definition.imageSize} \u00d7 ${definition.imageSize}`] as const]
    : []),
  ['batch size', integer(definition.batchSize)],
  ['epochs', integer(definition.epochs)],
  ['seed', String(definition.seed)],
  [result.experiment === 'runs' ? 'runs' : 'runs in each mode', integer(definition.runs)],
  ['threads', threadsOf(result).join(', ')],
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

/** What was seen of the deterministic runs, for who runs them again. */
function expectedNote(result: Result): Markup {
  const deterministic = targetsOf(result).find(([, target]) => target.mode === 'deterministic');
  if (deterministic?.[1].distinctWeights !== 1) return html``;
  return html`<p>On any machine this prints the weights hash ${hashMarkup(deterministic[1].runs[0]!.weightsHash)}, whatever the
number of threads and the instruction set, as long as data and contract version are the same.</p>`;
}

/** The commands that make this result, and one run of it, again. */
function againSection({ result }: ReportedResult): Markup {
  const { definition } = result;
  if (result.experiment === 'runs') return runAgain(targetsOf(result)[0]![1].runs[0]!, expectedNote(result));
  const { modes, runs, explain, growthSteps, threadCounts } = definition;
  const mode = modes[0]!;
  const once = trainOptionsOf(definition, { mode });
  const { mode: _, ...common } = { ...once, ...sourcesOf(definition) };
  const all = [
    ...['--modes', modes.join(','), '--runs', String(runs)],
    ...(explain === undefined ? [] : ['--explain', String(explain)]),
    ...(growthSteps === undefined ? [] : ['--growth-steps', String(growthSteps)]),
    ...(threadCounts === undefined ? [] : ['--thread-counts', threadCounts.join(',')]),
  ];
  return html`<h2>How to run it again</h2>
<h3>The whole comparison</h3>
<pre>${commandLine(['npx', 'samebits', 'compare', ...argumentsOf(common), ...all])}</pre>
<h3>One ${mode} run</h3>
<pre>${commandLine(['npx', 'samebits', 'train', ...argumentsOf(once)])}</pre>
${expectedNote(result)}
${hashNote}
`;
}

/** The page `report.html`. */
export async function overviewPage(book: Book, reported: readonly ReportedResult[]): Promise<Page> {
  const body = await eachResult(reported, async (one) => {
    const { result } = one;
    return html`${cards(result)}
${await trainingSection(book, result)}
${settingsSection(result)}
${againSection(one)}`;
  });
  return { file: 'report.html', name: 'Overview', body: html`${body}${filesNote({ curves: true })}` };
}

/** How to run a training again, and what lies beside the pages. */
import type { TrainResult } from '../../runs/index.js';
import { argumentsOf } from '../../settings/index.js';
import { html, type Markup } from '../html/markup.js';

const quoted = (word: string) => (/^[\w./:=@,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Words as a shell takes them. */
export const commandLine = (words: readonly string[]): string => words.map(quoted).join(' ');

export const hashNote = html`<p class="note">A weights hash is the SHA-256 over the name, dtype and shape of every tensor and its values as little-endian
float32, in the order of the model. Hover over a hash to see all of it; a click selects the whole.</p>`;

/** The command of one training, without the places its own files went to. */
export function runAgain({ settings }: TrainResult, note: Markup): Markup {
  const { out, resume, tensorboard, ...own } = settings;
  return html`<h2>How to run it again</h2>
<pre>${commandLine(['npx', 'samebits', 'train', ...argumentsOf(own)])}</pre>
${note}
${hashNote}
`;
}

/** What lies beside the pages; `curves` where the report has TensorBoard's files too. */
export const filesNote = ({ curves }: { curves: boolean }): Markup => html`<h2>Files beside these pages</h2>
<p>Every table as CSV, JSON and LaTeX in <code>tables/</code>, every figure as SVG, PNG and PDF in <code>figures/</code>${
  curves
    ? html`, the curves as
TensorBoard event files in <code>tensorboard/</code> (<code>tensorboard --logdir tensorboard</code>)`
    : ''
}.</p>
`;

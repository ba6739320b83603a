// docs/keras.md: how far our results lie from those of Keras and PyTorch, and what differs on purpose.

import { layers, losses, metrics, optimizers, type Runtime } from '../../lib/index.js';
import {
  type Compared,
  distanceOf,
  layersCompared,
  lossesCompared,
  metricsCompared,
  operationsCompared,
  optimizersCompared,
} from './compared/index.js';
import { fixedByUs, ours } from './defaults_table.js';

/** Layers that draw numbers: Keras draws others, so what is compared is what they do when they do not draw. */
const drawing = [
  ...['Dropout', 'GaussianDropout', 'GaussianNoise', 'SpatialDropout2D'],
  ...['RandomContrast', 'RandomCrop', 'RandomFlip', 'RandomRotation', 'RandomTranslation', 'RandomZoom'],
];

/** What Keras has not, or does otherwise. */
export const withoutJudge: readonly string[] = ['ConfusionMatrix', 'RandomCrop'];

/** The names by which a room's things are made here, by their classes in Keras. */
export function madeBy(room: object): Map<string, string> {
  const named = Object.entries(room).flatMap(([name, one]): [string, string][] =>
    typeof one === 'function' && 'makes' in one ? [[(one.makes as { className: string }).className, name]] : [],
  );
  return new Map(named);
}

interface Row {
  part: string;
  judge: string;
  count: number;
  largest: number;
}

/** One row for each part, in the order of their names. */
function rowsOf(all: readonly Compared[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { part, judge, pairs } of all) {
    const { count, largest } = rows.get(part) ?? { count: 0, largest: 0 };
    rows.set(part, { part, judge, count: count + 1, largest: Math.max(largest, ...pairs().map(distanceOf)) });
  }
  return [...rows.values()].sort((a, b) => (a.part < b.part ? -1 : 1));
}

const figure = (share: number) => (share === 0 ? '0' : share.toExponential(1));
const cell = (text: string) => text.replaceAll('|', '\\|');
const table = (head: readonly string[], lines: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...lines].map((line) => `| ${line.map(cell).join(' | ')} |`).join('\n');

function section(title: string, all: readonly Compared[], names?: ReadonlyMap<string, string>): string {
  const rows = rowsOf(all);
  const lines = rows.map(({ part, judge, count, largest }) => [
    part,
    ...(names ? [`\`${names.get(part) ?? '-'}\``] : []),
    judge,
    String(count),
    figure(largest),
  ]);
  const head = [title, ...(names ? ['here'] : []), 'judge', 'comparisons', 'largest difference'];
  return table(head, lines);
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The whole page. */
export function kerasPage(runtime: Runtime): string {
  const layerNames = madeBy(layers);
  return `# Beside Keras and PyTorch

How far results lie from those of Keras and PyTorch, and what differs on purpose. Their values were written down once, by the scripts in
test/agreement, and every test run compares with them; they are needed for nothing else. A difference is the largest of all values of outputs
and gradients, as a share of the largest value of the same array: about 6e-8 is the rounding of one float32 operation. The page is made by
\`npm run docs:keras\`, from the same comparisons.

## Layers

Output, and gradients by the input and the weights, of models that are read from Keras's own config.

${section('Layer', layersCompared(runtime), layerNames)}

${drawing
  .filter((name) => layerNames.has(name))
  .map((name) => `\`${layerNames.get(name)}\``)
  .join(', ')} draw numbers, and Keras draws
others: they are compared where they draw nothing, in inference, and tests of their own hold what is drawn. Keras's RandomCrop does not
crop then ([files.md](files.md)).

## Losses

Value, and gradient by the outputs.

${section('Loss', lossesCompared(runtime), madeBy(losses))}

## Metrics

${section('Metric', metricsCompared(), madeBy(metrics))}

\`confusionMatrix\` and \`dice\` are no metrics of Keras.

## Optimizers

Two weights after ten steps, with weight decay, limits of gradients and a rate that changes.

${section('Optimizer', optimizersCompared(runtime, 'keras'), madeBy(optimizers))}

As PyTorch has them:

${section('Optimizer', optimizersCompared(runtime, 'torch'), madeBy(optimizers))}

## Operations

${section('Operation', operationsCompared(runtime))}

## What differs on purpose

Options that Keras does not have:

${table(
  ['Option', 'why'],
  Object.entries(ours).map(([name, why]) => [`\`${name}\``, why]),
)}

Options of Keras that are not here; what Keras does by default is what is always done:

${table(
  ['Option', "Keras's default", 'why'],
  Object.entries(fixedByUs).map(([name, { value, because }]) => [
    `\`${snake(name)}\``,
    `\`${JSON.stringify(value)}\``,
    because,
  ]),
)}
`;
}

/** Tables of classified pictures as text for the terminal and as a CSV file. */
import type {
  Classification,
  ClassifiedHeat,
  ClassifiedOn,
  ClassifiedPicture,
  TargetDifference,
} from '../explain/index.js';
import { csvFile } from '../files/index.js';
import { integer, plural } from './format.js';
import { columns } from './terminal.js';

const headOf = ({ target, threads }: ClassifiedOn): string => `${target}, ${plural(threads, 'thread')}`;

function differenceText({ target, classes, bits, largest }: TargetDifference, of: number): string {
  const what = `${target} differs in ${plural(bits, 'bit')}`;
  const where = `in ${integer(classes)} of ${integer(of)} classes, by ${largest.toExponential(1)} at most`;
  return bits === 0 ? what : `${what}, ${where}`;
}

/** The map of a rank, and whether all targets made the same. */
function heatText({ rank, class: name, layer, maps, hasHeat, hashes }: ClassifiedHeat): string {
  const same = new Set(hashes).size === 1 ? '' : ', OTHER BITS on another target';
  const on = hashes.length > 1 && same === '' ? `, the same bits on ${integer(hashes.length)} targets` : same;
  const what = hasHeat ? `${hashes[0]!.slice(0, 19)}` : 'no heat: nothing speaks for it';
  return `heat of rank ${rank}, ${name}: ${layer}, ${maps.join(' x ')}, ${what}${on}`;
}

function pictureLines(picture: ClassifiedPicture, heads: readonly string[], classes: number): string[] {
  const { path, height, width, ranking, differences, heats } = picture;
  const rows = ranking.map(({ rank, class: name, probabilities }) => [
    name,
    String(rank),
    ...probabilities.map((probability) => probability.toFixed(8)),
  ]);
  return [
    '',
    `${path}, ${width} x ${height}`,
    columns([['class', 'rank', ...heads], ...rows]),
    ...differences.map((difference) => differenceText(difference, classes)),
    ...heats.map(heatText),
  ];
}

/** A table for each picture: its most probable classes, with the probability on each target. No newline at the end. */
export function classificationText({
  model,
  network,
  weightsHash,
  classes,
  targets,
  pictures,
}: Classification): string {
  const heads = targets.map(headOf);
  const told = `${model}, ${network} of ${integer(classes)} classes, weights ${weightsHash}`;
  return [told, ...pictures.flatMap((picture) => pictureLines(picture, heads, classes))].join('\n');
}

/** A row for each picture, class and target; `differing_bits` counts over all classes of the picture, against the first target. */
export function classificationCsv({ targets, pictures }: Classification): string {
  const head = ['picture', 'rank', 'class', 'label', 'target', 'threads', 'probability', 'differing_bits'];
  const rows = pictures.flatMap(({ path, ranking, differences }) =>
    ranking.flatMap(({ rank, class: name, label, probabilities }) =>
      targets.map(({ target, threads }, i) => {
        const bits = i === 0 ? 0 : differences[i - 1]!.bits;
        return [path, rank, name, label, target, threads, probabilities[i]!, bits];
      }),
    ),
  );
  return csvFile(head, rows);
}

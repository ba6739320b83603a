/** What a training is going to see, in lines for people: every split with its classes, then what was left out and why. */
import type { DatasetDescription, DescribedSplit, LeftOut, LeftOutReason } from '../data/index.js';

const reasons: Readonly<Record<LeftOutReason, string>> = {
  ending: 'with an ending that is not read',
  hidden: 'hidden, their names begin with a dot',
  outside: 'beside the class folders',
  beside: 'beside train/ and validation/',
  link: 'links to folders',
  irregular: 'no regular files',
  unpaired: 'a picture without its mask or a mask without its picture',
  unlisted: 'not named by the file of splits',
  patient: 'of patients whose pictures are in another split',
  samples: 'behind the samples asked for',
  damaged: 'damaged',
};

/** Names of files come from strangers: nothing in them may move the cursor. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

/** Classes that are named one by one; data.json of a run folder has all. */
const mostClasses = 20;

function splitLine({ name, samples, classes }: DescribedSplit): string {
  if (classes.length === 0) return `${name}: ${samples} samples`;
  const shown = classes.slice(0, mostClasses).map((one) => `${printable(one.name)} ${one.samples}`);
  const more = classes.length - shown.length;
  const list = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  return `${name}: ${samples} samples of ${classes.length} classes: ${list}`;
}

function leftOutLine({ split, reason, count, endings, first }: LeftOut): string {
  const kinds = Object.entries(endings).map(
    ([ending, n]) => `${ending === '' ? 'without ending' : printable(ending)} ${n}`,
  );
  return `left out of ${split}: ${count} ${reasons[reason]} (${kinds.join(', ')}), first '${printable(first)}'`;
}

/** A description in lines for people: each split with its classes and counts, then what was left out and why. */
export function descriptionLines({ splits, leftOut, damaged }: DatasetDescription): string[] {
  const why = damaged.slice(0, 5).map(({ path, reason }) => `  '${printable(path)}': ${printable(reason)}`);
  return [...splits.map(splitLine), ...leftOut.map(leftOutLine), ...why];
}

/** A comparison in words, which the terminal and the page share. */
import type { Diff, Difference } from '../audit/index.js';
import { plural } from './format.js';

const nouns = { operations: 'operation', steps: 'step', epochs: 'epoch', tensors: 'tensor' } as const;

/** Where two results part: `epoch 2, step 3, operation 17 (conv2d.weightGradient)`. */
export function placeOf({ epoch, step, operation }: Difference): string {
  if (epoch === null) return 'in the files';
  if (epoch === 0) return 'before the first step';
  if (step === null) return `after epoch ${epoch}`;
  const inside = operation === null ? '' : `, operation ${operation.number} (${operation.kernel})`;
  return `epoch ${epoch}, step ${step}${inside}`;
}

/** What differs there: `output dw`, `gradient of dense/kernel`. */
export function thingOf({ of, tensor }: Difference): string {
  switch (of) {
    case 'loss':
      return 'the loss alone';
    case 'kernel':
      return 'another operation';
    case 'gradients':
      return `gradient of ${tensor}`;
    case 'weights':
      return `weight ${tensor}`;
    case 'input':
    case 'output':
      return `${of} ${tensor}`;
    default:
      return `${tensor}`;
  }
}

/** The finding in one sentence without its full stop. */
export function headlineOf({ difference, compared, shorter }: Diff): string {
  if (difference === null && shorter !== null) {
    return `${shorter.toUpperCase()} ends first: no difference in ${plural(compared.count, nouns[compared.what])}`;
  }
  if (difference === null) return `no difference in ${plural(compared.count, nouns[compared.what])}`;
  return `first difference: ${placeOf(difference)}, ${thingOf(difference)}`;
}

/** What a reader has to know of how far the comparison reached. */
export function remarksOf({ compared, counts: [a, b], cuts, difference, finished }: Diff): string[] {
  const noun = nouns[compared.what];
  const longer = a > b ? 'A' : 'B';
  const cut = cuts.flatMap((at, i) => (at === null ? [] : [`the trace of ${'AB'[i]} was cut at byte ${at}`]));
  const lengths = `${longer} has ${plural(Math.max(a, b), noun)}, of which the other has the first ${Math.min(a, b)}`;
  const kept = difference !== null && difference.element === null && difference.of !== 'loss';
  const hint = 'values were not kept there; --trace-values keeps those of the first steps';
  const open = finished.flatMap((ended, i) => (ended ? [] : [`the training of ${'AB'[i]} did not end`]));
  return [...open, ...cut, ...(a === b ? [] : [lengths]), ...(kept ? [hint] : [])];
}

/** What a Result says, in sentences: the same words in the terminal and in the report. */
import type { Price, Result, TargetResult } from '../experiments/index.js';
import { leastForInterval } from '../stats/index.js';
import { integer, plural } from './format.js';

/** The verdict on one target: a heading, a sentence, and whether all its runs are one bit pattern. */
export interface Verdict {
  target: string;
  heading: string;
  sentence: string;
  same: boolean;
}

function sentenceOf(target: TargetResult): string {
  const runs = plural(target.runs.length, 'run');
  const weights = `${integer(target.runs[0]!.parameters)} weights`;
  if (target.distinctWeights === 1) {
    const predictions = target.distinctPredictions === 1 ? ' and the same predictions' : '';
    const all = target.runs.length === 2 ? 'Both runs' : `All ${runs}`;
    return `${all} ended in the same ${weights}${predictions}, bit for bit.`;
  }
  const { firstEpoch, all } = target.divergence;
  const when = firstEpoch === null ? '' : `, apart since epoch ${firstEpoch}`;
  const share = (all.differingBits * 100).toFixed(1);
  return `${runs} ended in ${target.distinctWeights} different sets of ${weights}${when}; between two runs ${share} % of all bits differ.`;
}

/** The verdict on every target, in the order of the Result. */
export function verdictsOf(result: Result): Verdict[] {
  return Object.entries(result.targets).map(([name, target]) => ({
    target: name,
    heading: plural(target.distinctWeights, 'bit pattern'),
    sentence: sentenceOf(target),
    same: target.distinctWeights === 1,
  }));
}

/** The price of determinism in a sentence. */
export function priceSentence({ stepTime }: Price): string {
  const { estimate, least, largest, interval } = stepTime;
  const said = `A deterministic training step took ${estimate.toFixed(3)} times as long as an atomic one`;
  if (interval === null) {
    const between = `between two single runs ${least.toFixed(3)} to ${largest.toFixed(3)}`;
    return `${said} (${between}; an interval takes ${leastForInterval} runs in each mode).`;
  }
  const { low, high, level } = interval;
  const close = low <= 1 && high >= 1 ? ' The interval holds 1: no difference can be told from this measurement.' : '';
  return `${said} (${Math.round(level * 100)} % interval ${low.toFixed(3)} to ${high.toFixed(3)}).${close}`;
}

/** The numbers of threads that the compared runs had. */
export const threadsOf = ({ targets }: Result): number[] =>
  [...new Set(Object.values(targets).flatMap(({ runs }) => runs.map(({ threads }) => threads)))].sort((a, b) => a - b);

/** What was trained, in a line: `keras_convnet on synthetic, 96 x 96, batch 16, 4 epochs, seed 1001, 2 threads`. */
export function subjectOf(result: Result): string {
  const { model, data, imageSize, batchSize, epochs, seed } = result.definition;
  const counts = threadsOf(result);
  const threads = counts.length === 1 ? plural(counts[0]!, 'thread') : `${counts.join(', ')} threads`;
  const size = typeof imageSize === 'number' ? `, ${imageSize} \u00d7 ${imageSize}` : '';
  return `${model} on ${data}${size}, batch ${batchSize}, ${plural(epochs, 'epoch')}, seed ${seed}, ${threads}`;
}

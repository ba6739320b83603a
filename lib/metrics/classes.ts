/** Classes along the last axis: which one outputs and targets name. The lowest wins a tie. */
import type { JudgedSample, Sample } from './mean.js';

/** The place of the largest of `width` values. */
export function largest(value: (place: number) => number, from: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (value(from + i) > value(from + best)) best = i;
  return best;
}

/** The class that the outputs name at a position; of one output a value, the class 1 above the threshold, else 0. */
export function predictedClass({ prediction, width }: Sample, position: number, threshold = 0.5): number {
  if (width === 1) return prediction[position]! > threshold ? 1 : 0;
  return largest((place) => prediction[place]!, position * width, width);
}

/** Whether targets are numbers of classes, one a position, and not rows of them. */
export const areNumbers = ({ prediction, width, length }: JudgedSample): boolean =>
  width > 1 && length * width === prediction.length;

/** The class that the targets name at a position: its number, or in a row the largest. */
export function targetClass(sample: JudgedSample, position: number): number {
  const { target, width } = sample;
  if (areNumbers(sample)) return target(position);
  if (width === 1) return target(position) > 0.5 ? 1 : 0;
  return largest(target, position * width, width);
}

/** Whether the target at a position is of a class: by its number, or in a row by a value above 1/2. */
export function isOfClass(sample: JudgedSample, position: number, label: number): boolean {
  return areNumbers(sample) ? sample.target(position) === label : sample.target(position * sample.width + label) > 0.5;
}

/** How many classes have a larger output than this one at a position; NaN, which nothing is larger than, counts as the least. */
export function ahead(
  { prediction, width }: Sample,
  position: number,
  label: number,
  ties: 'share' | 'lowest',
): number {
  const from = position * width;
  const own = prediction[from + label]!;
  let count = 0;
  for (let i = 0; i < width; i++) {
    const other = prediction[from + i]!;
    if (other > own || (Number.isNaN(own) && !Number.isNaN(other))) count++;
    else if (ties === 'lowest' && i < label && other === own) count++;
  }
  return count;
}

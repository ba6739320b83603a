/**
 * Weights after single steps, `steps/step-000001.safetensors` and so on: what it takes to see how far runs are apart
 * inside an epoch. The steps lie close together at the beginning, where runs part, and ever farther apart after it.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../models/index.js';
import { saveWeights } from './weights.js';

const folderOf = (folder: string): string => join(folder, 'steps');

/** File of the weights after a step, counted from 1 over all epochs. */
export const stepWeightsPath = (folder: string, step: number): string =>
  join(folderOf(folder), `step-${String(step).padStart(6, '0')}.safetensors`);

/**
 * At most `count` of `steps` steps, ascending from 1 to the last in equal ratios; each of the first steps, for as long as
 * a ratio is less than a whole step. All steps where they are no more than `count`, the last alone for a count of 1.
 */
export function keptPlaces(steps: number, count: number): number[] {
  if (count === 1) return [steps];
  const places: number[] = [];
  for (let i = 0; i < Math.min(count, steps); i += 1) {
    const ratio = Math.round(steps ** (i / (count - 1)));
    places.push(Math.max(ratio, (places.at(-1) ?? 0) + 1));
  }
  return places;
}

/** The steps whose weights a run folder holds, ascending. */
export function keptSteps(folder: string): number[] {
  const names = existsSync(folderOf(folder)) ? readdirSync(folderOf(folder)) : [];
  const steps = names.flatMap((name) => /^step-(\d{6,})\.safetensors$/.exec(name)?.[1] ?? []);
  return steps.map(Number).sort((a, b) => a - b);
}

/** Keeps the weights after a step. Throws FileError when they cannot be written. */
export function writeStepWeights(folder: string, model: Model, step: number): void {
  saveWeights(model, stepWeightsPath(folder, step));
}

/** Removes what a training kept that was stopped later than at `step`, from which it goes on: it may not come by again. */
export function forgetStepsAfter(folder: string, step: number): void {
  for (const kept of keptSteps(folder)) if (kept > step) rmSync(stepWeightsPath(folder, kept));
}

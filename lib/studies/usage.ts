/** What the trainings of a study took: those that are done, and all that were begun, by the values of the factors. */
import { join } from 'node:path';
import { type EnergyOptions, type Price, priceOfUsages, type Usage } from '../energy/index.js';
import { readUsage } from '../runs/index.js';
import type { DoneTrial } from './samples.js';
import type { StudyTrial } from './trials.js';

/** The price of some trainings of a study. */
export interface StudyPrice extends Price {
  /** A factor and one of its values; undefined for all trainings. */
  factor?: string;
  label?: string;
  mode?: string;
}

/** What a study took. */
export interface StudyPrices {
  /** The finished trainings, by each value of each factor and by mode. */
  parts: StudyPrice[];
  /** All finished trainings. */
  done: StudyPrice;
  /** These, and what those that are not finished have taken so far. */
  all: StudyPrice;
  /** Kinds of processor that the finished trainings ran on, as far as they noted it. */
  processors: readonly string[];
}

/** Throws FileError for a file that does not tell what a training took. */
export function pricesOf(
  folder: string,
  trials: readonly StudyTrial[],
  done: readonly DoneTrial[],
  options: EnergyOptions,
): StudyPrices {
  const usage = new Map(trials.map((trial) => [trial.folder, readUsage(join(folder, trial.folder))] as const));
  const of = (own: readonly StudyTrial[]) => own.map((trial): readonly Usage[] => usage.get(trial.folder)!);
  const finished = done.map(({ trial }) => trial);
  const ended = new Set(finished.map((trial) => trial.folder));
  const begun = trials.filter((trial) => !ended.has(trial.folder) && usage.get(trial.folder)!.length > 0);
  const factors = Object.keys(trials[0]?.configuration.labels ?? {});
  const byFactor = factors.flatMap((factor) => {
    const labels = [...new Set(finished.map(({ configuration }) => configuration.labels[factor]!))];
    return labels.map((label) => {
      const own = finished.filter(({ configuration }) => configuration.labels[factor] === label);
      return { factor, label, ...priceOfUsages(of(own), options) };
    });
  });
  const byMode = [...new Set(finished.map(({ mode }) => mode))].map((mode) => ({
    mode,
    ...priceOfUsages(of(finished.filter((trial) => trial.mode === mode)), options),
  }));
  return {
    parts: [...byFactor, ...byMode],
    done: priceOfUsages(of(finished), options),
    all: priceOfUsages(of([...finished, ...begun]), options),
    processors: [...new Set(of(finished).flatMap((usages) => usages.map(({ processor }) => processor)))],
  };
}

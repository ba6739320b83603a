/** What the finished trials of a study measured: one number a trial and measure, by configuration and mode. */
import { measuresOf } from '../progress/index.js';
import type { TrainResult } from '../runs/index.js';
import { stateOf } from './folder.js';
import type { StudyTrial } from './trials.js';

/** A trial that is done. */
export interface DoneTrial {
  trial: StudyTrial;
  result: TrainResult;
}

/** The trials of a folder that are done, in the order of the plan. Throws as `stateOf` does. */
export const doneTrials = (folder: string, trials: readonly StudyTrial[]): DoneTrial[] =>
  trials.flatMap((trial) => {
    const found = stateOf(folder, trial);
    return found.state === 'done' ? [{ trial, result: found.result }] : [];
  });

/** Seconds that all epochs of a training took. */
export const secondsOf = ({ epochs }: TrainResult): number => epochs.reduce((sum, { seconds }) => sum + seconds, 0);

/** What was measured after the last epoch, by name, and `seconds` of the whole training. */
export const measuresOfTrial = ({ result }: DoneTrial): Readonly<Record<string, number | null>> => ({
  ...Object.fromEntries(measuresOf(result.epochs.at(-1)!).map(({ name, value }) => [name, value])),
  seconds: secondsOf(result),
});

/** Names of all that any trial measured, in the order in which they come. */
export const measureNames = (trials: readonly DoneTrial[]): string[] => [
  ...new Set(trials.flatMap((one) => Object.keys(measuresOfTrial(one)))),
];

/** One measure of the trials of one configuration and mode. */
export interface Sample {
  /** Finite values, a run each; none where a training diverged or does not measure it. */
  values: number[];
  /** Bit patterns of the final weights. */
  distinctWeights: number;
}

/** The finished trainings of a configuration, by mode. */
export interface ConfigurationSamples {
  /** What tells it from the others, in words: `mini_xception, adam, 42`. */
  title: string;
  labels: Readonly<Record<string, string>>;
  deterministic: readonly DoneTrial[];
  atomic: readonly DoneTrial[];
}

/**
 * Short words for the labels of a factor that still tell them apart: `adam` of `adam:learningRate=0.001`, unless there is another adam.
 * None for a factor with one label, which tells nothing.
 */
function shortLabels(labels: readonly string[]): Map<string, string> {
  const different = [...new Set(labels)];
  if (different.length === 1) return new Map();
  const short = different.map((label) => label.split(':')[0]!);
  const told = new Set(short).size === different.length ? short : different;
  return new Map(different.map((label, i) => [label, told[i]!]));
}

/** The finished trials by configuration, in the order of the plan. */
export function byConfiguration(trials: readonly DoneTrial[]): ConfigurationSamples[] {
  const names = [...new Set(trials.map(({ trial }) => trial.configuration.name))];
  const factors = Object.keys(trials[0]?.trial.configuration.labels ?? {});
  const short = factors.map((factor) => {
    const words = shortLabels(trials.map(({ trial }) => trial.configuration.labels[factor]!));
    return { factor, words };
  });
  const titleOf = (labels: Readonly<Record<string, string>>) =>
    short.flatMap(({ factor, words }) => words.get(labels[factor]!) ?? []).join(', ') || 'all';
  return names.map((name) => {
    const own = trials.filter(({ trial }) => trial.configuration.name === name);
    const of = (mode: string) => own.filter(({ trial }) => trial.mode === mode);
    const { labels } = own[0]!.trial.configuration;
    return { title: titleOf(labels), labels, deterministic: of('deterministic'), atomic: of('atomic') };
  });
}

/** One measure of some trials. */
export function sampleOf(trials: readonly DoneTrial[], measure: string): Sample {
  const values = trials.flatMap((one) => {
    const value = measuresOfTrial(one)[measure];
    return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
  });
  return { values, distinctWeights: new Set(trials.map(({ result }) => result.weightsHash)).size };
}

/**
 * The one value of deterministic trainings: copies of one training are one observation. Null where there is none, or where they are
 * not copies. Times differ from copy to copy, so theirs is the mean.
 */
export function deterministicValue({ values, distinctWeights }: Sample, measure: string): number | null {
  if (values.length === 0) return null;
  if (measure === 'seconds') return values.reduce((sum, value) => sum + value, 0) / values.length;
  return distinctWeights === 1 ? values[0]! : null;
}

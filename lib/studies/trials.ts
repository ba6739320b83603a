/** The trials of a study: each configuration so many times in each mode, in an order that a growing plan keeps. */
import { ArgumentError, show } from '../errors/index.js';
import { capabilities, type Mode, severalOrders } from '../runtime/index.js';
import { type BeginRequest, checkSettings, type TrainOptions, withDefaults } from '../settings/index.js';
import { leastThreadsOf, type PlannedTrial, trialKey } from '../trials/index.js';
import { type Configuration, configurationsOf } from './configurations.js';
import type { Plan } from './plan.js';

/** One training of a study; its folder is `trials/keras_convnet+42/atomic-01`. */
export interface StudyTrial extends PlannedTrial {
  configuration: Configuration;
  /** The `run`-th of its mode, from 1. */
  run: number;
}

/** What the trainer is asked: kernels that are joined as they arrive and drawn arrival are the atomic trainings' alone. */
function optionsOf({ name, settings }: Configuration, mode: Mode, run: number): TrainOptions {
  const { atomic, arrivalSeed, ...shared } = settings as Partial<TrainOptions>;
  const arrives = mode === 'atomic';
  const asked = {
    ...shared,
    ...(arrives && atomic !== undefined ? { mode: 'deterministic' as const, atomic } : { mode }),
    ...(arrives && arrivalSeed !== undefined && { arrivalSeed: arrivalSeed + run - 1 }),
  };
  checkSettings(`plan ${name}`, asked);
  const options = withDefaults(asked as BeginRequest);
  if (arrives && !severalOrders({ ...options, threads: options.threads ?? 2 }, capabilities().hardwareThreads)) {
    const hint = 'one thread always adds in the same order: give threads 2, or arrivalSeed to draw the order';
    throw new ArgumentError({
      who: `plan ${name}`,
      expected: 'threads to be 2 or more for atomic trainings',
      got: '1',
      hint,
    });
  }
  return options;
}

const modesInOrder: readonly Mode[] = ['deterministic', 'atomic'];

function trialsOfConfiguration(configuration: Configuration, modes: Plan['modes']): StudyTrial[] {
  const { arrivalSeed } = configuration.settings as Partial<TrainOptions>;
  const leastThreads = leastThreadsOf(modes.atomic !== undefined, arrivalSeed);
  return modesInOrder.flatMap((mode) =>
    Array.from({ length: modes[mode] ?? 0 }, (_, i): StudyTrial => {
      const folder = `trials/${configuration.name}/${mode}-${String(i + 1).padStart(2, '0')}`;
      return { folder, configuration, mode, run: i + 1, leastThreads, options: optionsOf(configuration, mode, i + 1) };
    }),
  );
}

/** Throws ArgumentError for two configurations that are the same training, or whose folders have one name. */
function expectDifferent(configurations: readonly Configuration[], trials: readonly StudyTrial[]): void {
  const keys = new Map<string, string>();
  // Seeds of arrival that two configurations count up from can meet at any run.
  for (const { configuration, options } of trials) {
    const key = trialKey(options);
    const same = keys.get(key);
    if (same !== undefined && same !== configuration.name) {
      const got = `${show(same)} and ${show(configuration.name)} with the same settings`;
      throw new ArgumentError({ who: 'plan', expected: 'configurations that differ', got });
    }
    keys.set(key, configuration.name);
  }
  const names = configurations.map(({ name }) => name.toLowerCase());
  const twice = configurations.find((_, i) => names.indexOf(names[i]!) !== i);
  if (twice === undefined) return;
  const hint = 'names that differ in capital letters alone are one folder on some systems';
  throw new ArgumentError({
    who: 'plan',
    expected: 'every configuration to have a name of its own',
    got: show(twice.name),
    hint,
  });
}

/**
 * All trials of a plan: configuration by configuration, deterministic ones first. Throws ArgumentError for a setting that is none or
 * has no such value, for two equal configurations, and for atomic trainings that can only end alike.
 */
export function studyTrials(plan: Plan): StudyTrial[] {
  const configurations = configurationsOf(plan);
  const trials = configurations.flatMap((one) => trialsOfConfiguration(one, plan.modes));
  expectDifferent(configurations, trials);
  return trials;
}

/** One shard of several: every `of`-th trial, from the `index`-th (from 1) on. */
export interface Shard {
  index: number;
  of: number;
}

/** The trials of a shard, so that all shards together are all trials. */
export const shardOf = (trials: readonly StudyTrial[], { index, of }: Shard): StudyTrial[] =>
  trials.filter((_, i) => i % of === index - 1);

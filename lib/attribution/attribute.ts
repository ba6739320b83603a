/**
 * Attribution: a deterministic training, then one with each source of difference alone, each measured against the first.
 * With seeded arrival the whole is repeatable: the same options give the same sources on any number of threads.
 */
import { compareAll, comparePredictions, growthRate, type NamedTensor } from '../divergence/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import { describeMachine } from '../runs/index.js';
import { capabilities } from '../runtime/index.js';
import { type Flip, flipText } from '../settings/index.js';
import { quantile } from '../stats/index.js';
import { openTask, type ReadHooks, readHooksOf, taskSettingsOf } from '../tasks/index.js';
import { type AttributeOptions, type CheckedOptions, checkedOptions, firstBit, placesOf } from './options.js';
import type { AttributedRun, AttributedSource, Attribution, Place, SourceKind } from './result.js';
import { predictedOf, type Steps, type StepsPlan, type StepsSources, trainSteps } from './steps.js';

/** Where an attribution reports to, and how it is asked to stop. */
export interface AttributeHooks extends ReadHooks {
  /** Before each training: the source's name, or `baseline`; `run` counts the trainings of one source from 1. */
  onRun?: (name: string, run: number, runs: number) => void;
  onStep?: (step: number, steps: number) => void;
}

interface Source {
  kind: SourceKind;
  name: string;
  options: StepsSources;
}

/** The deterministic training, with its weights at each place. */
interface Baseline extends Steps {
  weights: Map<number, NamedTensor[]>;
}

/** The sources to run: each kernel alone, all of them, and the flip. Throws ArgumentError for a kernel the model lacks. */
function sourcesFor({ kernels, arrival, arrivalSeed }: CheckedOptions, joins: readonly string[], flip: Flip): Source[] {
  const missing = kernels?.find((name) => !joins.includes(name));
  if (missing !== undefined) {
    throw new ArgumentError({ who: 'attribute', expected: `kernels of ${joins.join(', ')}`, got: show(missing) });
  }
  const drawn = arrival === 'seeded' ? { arrivalSeed } : {};
  const alone = (kernels ?? joins).map(
    (name): Source => ({ kind: 'kernel', name, options: { mode: 'deterministic', atomic: [name], ...drawn } }),
  );
  return [
    ...alone,
    { kind: 'mode', name: 'atomic mode', options: { mode: 'atomic', ...drawn } },
    { kind: 'flip', name: `flip ${flipText(flip)}`, options: { mode: 'deterministic', flip } },
  ];
}

async function runBaseline(plan: StepsPlan, hooks: AttributeHooks): Promise<Baseline> {
  const weights = new Map<number, NamedTensor[]>();
  hooks.onRun?.('baseline', 1, 1);
  const onPlace = (step: number, found: NamedTensor[]) => weights.set(step, found);
  return { ...(await trainSteps(plan, { mode: 'deterministic' }, { ...hooks, onPlace })), weights };
}

/** One training with a source, measured. */
async function measured(plan: StepsPlan, options: StepsSources, baseline: Baseline, hooks: AttributeHooks) {
  const places: Place[] = [];
  let last = { differingBits: 0, cosineSimilarity: 1 };
  const onPlace = (step: number, weights: NamedTensor[]) => {
    const { all } = compareAll([baseline.weights.get(step)!, weights]);
    const { l2, maxUlp, meanUlp } = all;
    places.push({ step, l2, maxUlp, meanUlp, differing: all.differing / all.elements });
    last = all;
  };
  const { weightsHash, predictions } = await trainSteps(plan, options, { ...hooks, onPlace });
  const both = [baseline.predictions.values, predictions.values];
  const { width, kind, classes } = predictions;
  const run: AttributedRun = {
    seed: options.arrivalSeed ?? null,
    weightsHash,
    places,
    growth: growthRate(
      places.map(({ l2 }) => l2),
      places.map(({ step }) => step),
    ),
    differingBits: last.differingBits,
    cosineSimilarity: Number.isNaN(last.cosineSimilarity) ? null : last.cosineSimilarity,
    differingPredictions: comparePredictions(both, width, { kind, classes }).differing,
  };
  return run;
}

/** Sources of one outcome are run once; the others once for each seed, or as often for real arrival. */
async function attributed(plan: StepsPlan, source: Source, baseline: Baseline, hooks: AttributeHooks) {
  const { runs: wanted, check } = plan.options;
  const seed = source.options.arrivalSeed;
  const count = source.kind === 'flip' ? 1 : wanted;
  const runs: AttributedRun[] = [];
  for (let run = 0; run < count; run++) {
    hooks.onRun?.(source.name, run + 1, count);
    const options = seed === undefined ? source.options : { ...source.options, arrivalSeed: seed + run };
    runs.push(await measured(plan, options, baseline, hooks));
  }
  let repeats: boolean | null = null;
  if (check) {
    hooks.onRun?.(`${source.name}, again`, 1, 1);
    const again = await trainSteps(plan, source.options, { ...hooks, onPlace: () => {} });
    repeats = again.weightsHash === runs[0]!.weightsHash;
  }
  return { ...source, runs, distinctWeights: new Set(runs.map((run) => run.weightsHash)).size, repeats };
}

/** What is not finite is farther than any number. */
const middle = (values: readonly number[]) =>
  quantile(
    values.map((value) => (Number.isFinite(value) ? value : Number.MAX_VALUE)),
    0.5,
  );

function mediansOf(runs: readonly AttributedRun[]): AttributedSource['median'] {
  const last = runs.map(({ places }) => places.at(-1)!);
  const rates = runs.flatMap(({ growth }) => (growth.rate === null ? [] : [growth.rate]));
  return {
    l2: middle(last.map(({ l2 }) => l2)),
    meanUlp: middle(last.map(({ meanUlp }) => meanUlp)),
    differing: middle(last.map(({ differing }) => differing)),
    differingPredictions: middle(runs.map(({ differingPredictions }) => differingPredictions)),
    growth: rates.length === 0 ? null : middle(rates),
  };
}

/** The sources by the size of their effect. */
function ranked(sources: readonly Omit<AttributedSource, 'rank' | 'median'>[]): AttributedSource[] {
  return sources
    .map((source) => ({ ...source, median: mediansOf(source.runs) }))
    .sort((a, b) => b.median.l2 - a.median.l2)
    .map((source, i) => ({ rank: i + 1, ...source }));
}

/**
 * Trains as `options` say, first deterministically, then with each source alone, and resolves with the sources ranked by
 * how far they lead. Rejects with ArgumentError or TargetError for options that cannot be met, DataError for the data,
 * and with the signal's reason when it is stopped.
 * Example: `await attribute({ ...settings, model: 'keras_convnet', data: 'photos', steps: 20 })`.
 */
export async function attribute(options: AttributeOptions, hooks: AttributeHooks = {}): Promise<Attribution> {
  checkOptions('attribute', hooks, ['onPhase', 'onPictures', 'onNote', 'onData', 'onRun', 'onStep', 'signal']);
  const checked = checkedOptions(options);
  const { signal } = hooks;
  signal?.throwIfAborted();
  const task = await openTask(taskSettingsOf(checked), { who: 'attribute', ...readHooksOf(hooks) });
  const { dataset } = task;
  try {
    const plan: StepsPlan = { options: checked, task, places: placesOf(checked.steps), ...(signal && { signal }) };
    const baseline = await runBaseline(plan, hooks);
    const flip = checked.flip ?? firstBit(baseline.weights.get(checked.steps)!);
    const sources: Omit<AttributedSource, 'rank' | 'median'>[] = [];
    for (const source of sourcesFor(checked, baseline.joins, flip)) {
      sources.push(await attributed(plan, source, baseline, hooks));
    }
    const last = baseline.weights.get(checked.steps)!;
    const { split, of } = predictedOf(dataset);
    return {
      experiment: 'attribute',
      contract: capabilities().contract,
      definition: checked,
      machine: describeMachine(),
      target: baseline.target,
      threads: baseline.threads,
      dataHash: dataset.digest,
      weights: last.reduce((sum, { data }) => sum + data.length, 0),
      kernels: baseline.joins,
      predicted: { samples: split.length, of },
      baseline: { weightsHash: baseline.weightsHash, losses: baseline.losses },
      sources: ranked(sources),
    };
  } finally {
    task.dispose();
  }
}

/** Tables of how runs part from step to step: a row a layer, a row a step and layer, and a row a step and pair of runs. */

import { leastPoints, leastRSquared } from '../../divergence/index.js';
import type { Result, StepDistance, StepsDivergence, TargetResult } from '../../experiments/index.js';
import { fixed, percent, scientific } from '../format.js';
import type { DataTable } from './table.js';

const ofPair = ['l2', 'maxUlp', 'meanUlp', 'differing', 'cosineSimilarity'] as const satisfies (keyof StepDistance)[];
const measures = ['l2', 'l2Least', 'l2Largest', ...ofPair.slice(1)] as const;
const valuesOf = (distance: StepDistance, names: readonly (keyof StepDistance)[]) =>
  names.map((name) => distance[name]);

/** The steps of each target that kept weights. */
const stepsOf = (result: Result) =>
  Object.entries(result.targets).flatMap(
    ([
      target,
      {
        divergence: { steps },
      },
    ]) => (steps?.perStep ?? []).map((one) => ({ target, ...one })),
  );

const plain = (names: readonly string[]) => names.map((name) => ({ name, title: name }));

/** All distances after each kept step by layer, over all pairs of runs. */
export function stepsTable(result: Result): DataTable {
  return {
    name: `${result.definition.model}-steps`,
    caption: 'Distances between runs by target, training step and layer, over all pairs of runs',
    columns: plain(['target', 'epoch', 'step', 'layer', ...measures]),
    rows: stepsOf(result).flatMap(({ target, epoch, step, layers, all }) =>
      [...layers, { layer: 'all weights', ...all }].map((one) => [
        target,
        epoch,
        step,
        one.layer,
        ...valuesOf(one, measures),
      ]),
    ),
  };
}

/** Distances of all weights after each kept step, each pair of runs by itself. */
export function stepPairsTable(result: Result): DataTable {
  return {
    name: `${result.definition.model}-step-pairs`,
    caption: 'Distances of all weights by target, training step and pair of runs',
    columns: plain(['target', 'epoch', 'step', 'runA', 'runB', ...ofPair]),
    rows: stepsOf(result).flatMap(({ target, epoch, step, pairs }) =>
      pairs.map((pair) => [target, epoch, step, ...pair.runs, ...valuesOf(pair, ofPair)]),
    ),
  };
}

/** Growth of the l2 distance of each layer from step to step. */
export function stepGrowthTable(model: string, { mode }: TargetResult, { layers, growth }: StepsDivergence): DataTable {
  const factor = (value: number | null) => (value === null ? '\u2013' : `\u00d7 ${value.toPrecision(5)}`);
  const step = (value: number | null) => (value === null ? 'never' : `step ${value}`);
  const rows = [...layers, { layer: 'all weights', ...growth }];
  return {
    name: `${model}-${mode}-step-growth`,
    caption: `Growth of the mean l2 distance between ${mode} runs, from step to step; no rate where fewer than ${leastPoints} steps have a distance, or an exponential explains less than ${percent(leastRSquared, 0)} of the variance`,
    columns: [
      { name: 'layer', title: 'layer' },
      { name: 'firstApart', title: 'apart after', show: step },
      { name: 'factorPerStep', title: 'a step', show: factor },
      { name: 'ratePerStep', title: 'rate per step (ln)', show: scientific },
      { name: 'rateLow', title: '95 %, from', show: scientific },
      { name: 'rateHigh', title: 'to', show: scientific },
      { name: 'rSquared', title: 'variance explained', show: (value: number | null) => fixed(value, 3) },
      { name: 'fromStep', title: 'first step', show: step },
      { name: 'toStep', title: 'last step', show: step },
      { name: 'stepsUsed', title: 'steps with a distance' },
    ],
    rows: rows.map(({ layer, firstApart, factor: by, rate, interval, rSquared, from, to, used }) => [
      ...[layer, firstApart, by, rate, interval?.[0] ?? null, interval?.[1] ?? null, rSquared, from, to, used],
    ]),
  };
}

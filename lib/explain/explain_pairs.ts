/** A list of pictures of two things each, explained by one or several runs for both: does the heat lie on the right half? */

import { type Rgb, readPicture } from '../data/index.js';
import { checkOptions } from '../errors/index.js';
import { restoreRun } from '../runs/index.js';
import { createRuntime } from '../runtime/index.js';
import { type Explained, Explainer, halfResult, hashOf } from './explainer.js';
import {
  agreementOf,
  type Beside,
  type PairFinding,
  type PairPicture,
  type PairsResult,
  type PairsRun,
  summariesOf,
} from './pairs.js';
import { type ListedPicture, readPairs } from './pairs_file.js';
import { type ExplainOptions, openRuns } from './plan.js';
import { pictureSight, requirePictures } from './sight.js';
import { stability } from './stability.js';

/** Which list is explained by which runs, and how. */
export interface PairsOptions
  extends Pick<ExplainOptions, 'runs' | 'model' | 'layer' | 'score' | 'device' | 'isa' | 'threads'> {
  /** A CSV file with columns `file`, `left` and `right`. */
  pairs: string;
}

/** Who looks on: each overlay as soon as it is made, so that none has to be kept. */
export interface PairsHooks {
  onOverlay?: (overlay: Rgb, finding: PairFinding, picture: Pick<PairPicture, 'row' | 'file'>) => Promise<void> | void;
}

function findingOf(explainer: Explainer, run: number, listed: ListedPicture, label: number, found: Explained) {
  const { left, right } = listed;
  const half = halfResult(found.heat, label, [left, right]);
  const side = label === left ? 'left' : 'right';
  const finding: PairFinding = {
    run,
    class: explainer.run.classNames[label]!,
    side,
    probability: found.cam.probabilities[label]!,
    ownShare: half?.[side] ?? null,
    onOwnHalf: half?.onOwnHalf ?? null,
    heatHash: hashOf(found.heat),
  };
  return { finding, heat: found.heat };
}

type Found = ReturnType<typeof findingOf>;

/** Every two runs on one explanation. */
const besideOf = (found: readonly Found[]): Beside[] =>
  found.flatMap((a, i) =>
    found.slice(i + 1).map((b, k): Beside => {
      const sameVerdict = a.finding.onOwnHalf === b.finding.onOwnHalf;
      return { runs: [i + 1, i + k + 2], sameVerdict, ...stability(a.heat, b.heat) };
    }),
  );

/**
 * Explains every picture of a list by finished trainings for both of its classes, always in deterministic mode. Labels
 * name classes in singular or plural. Rejects before any work as `explainRuns` does, and with one error that names the
 * row for a list with a column missing, a label of no class, or a picture that cannot be used.
 * Example: `await explainPairs({ runs: ['runs/a'], pairs: 'photos/pairs.csv' })`.
 */
export async function explainPairs(options: PairsOptions, hooks: PairsHooks = {}): Promise<PairsResult> {
  checkOptions('explainPairs', options, ['runs', 'model', 'layer', 'score', 'device', 'isa', 'threads', 'pairs']);
  checkOptions('explainPairs', hooks, ['onOverlay']);
  const { pairs: list, device, isa, threads } = options;
  const opened = await openRuns(options);
  const { classNames: classes } = opened[0]!.run;
  for (const { run } of opened) requirePictures('explain pairs', run.sampleShape);
  const listed = await readPairs(list, classes);
  using runtime = createRuntime({
    ...(device !== undefined && { device }),
    ...(isa !== undefined && { isa }),
    ...(threads !== undefined && { threads }),
  });
  const pictures: PairPicture[] = [];
  const beside: Beside[] = [];
  const runs: PairsRun[] = [];
  try {
    const explainers = opened.map(({ run, model }) => {
      return new Explainer(run, restoreRun(run, model, runtime), runtime, options);
    });
    for (const one of listed) {
      const { row, file } = one;
      const picture = pictureSight(file, await readPicture(one.path, `explain pairs row ${row}`));
      const findings: PairFinding[] = [];
      for (const label of [one.left, one.right]) {
        const found: Found[] = [];
        for (const [i, explainer] of explainers.entries()) {
          const explained = explainer.explain(picture, label);
          runs[i] ??= factsOf(explainer, explained);
          const made = findingOf(explainer, i + 1, one, label, explained);
          await hooks.onOverlay?.(explained.shown, made.finding, { row, file });
          found.push(made);
        }
        for (const { finding } of found) findings.push(finding);
        for (const one of besideOf(found)) beside.push(one);
      }
      pictures.push({ row, file, left: classes[one.left]!, right: classes[one.right]!, findings });
    }
  } finally {
    for (const { model } of opened) model.model.dispose();
  }
  const summary = summariesOf(pictures, runs.length, classes);
  return { list, classes, runs, pictures, summary, agreement: agreementOf(beside) };
}

function factsOf({ run }: Explainer, { cam }: Explained): PairsRun {
  const { folder, model, target, seed, weightsHash } = run;
  return { run: folder, model, target, seed, weightsHash, layer: cam.layer, score: cam.score };
}

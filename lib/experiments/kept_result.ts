/** A finished experiment out of its folder: compared again from what its trials left, so that no file is taken at its word. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, show } from '../errors/index.js';
import { readJson } from '../files/index.js';
import { lazySchema } from '../lazy/index.js';
import { stateOf } from '../trials/index.js';
import { parseDefinition } from './definition.js';
import type { Identity } from './folder.js';
import type { ExplainedRuns, Result } from './result.js';
import { plannedTrials } from './trials.js';
import { resultOfTrials } from './trials_result.js';

const identitySchema = lazySchema((z) => {
  const [text, count] = [z.string(), z.int().min(0)];
  return z.object({
    machine: z.object({ cpu: text, cores: count, memoryMiB: count, platform: text, arch: text, osRelease: text }),
    versions: z.object({ samebits: text, contract: count, node: text }),
    startedAt: z.iso.datetime(),
  });
});

const explainedSchema = lazySchema((z) => {
  const [text, number, maybe] = [z.string(), z.number(), z.number().nullable()];
  // A picture is read where this says it lies, so that has to be in the experiment's own folder.
  const picture = z.string().regex(/^explanations[\\/][\w-]+\.png$/);
  const run = z.looseObject({
    ...{ layer: text, score: text, heatHash: text, hasHeat: z.boolean(), maps: z.array(number).length(2) },
    predictions: z.array(z.object({ class: text, probability: number })).min(1),
  });
  const stability = { pearson: maybe, ssim: maybe, hottestOverlap: maybe, centreShift: maybe };
  const pair = z.looseObject({ runs: z.tuple([z.int().min(1), z.int().min(1)]), sameBits: z.boolean(), ...stability });
  const explanations = z.looseObject({ class: text, runs: z.array(run).min(1), pairs: z.array(pair) });
  const pictures = z.array(z.object({ name: text, picture, overlays: z.array(picture), explanations })).min(1);
  return z.object({ runs: z.array(z.object({ target: text, run: number })).min(1), pictures }).nullable();
});

/** Throws FileError for the first part of a file that does not fit. */
function checked(
  schema: { safeParse: (value: unknown) => { error?: { issues: { path: PropertyKey[] }[] } | undefined } },
  value: unknown,
  path: string,
): void {
  const { error } = schema.safeParse(value);
  if (error === undefined) return;
  const got = `no valid ${error.issues[0]!.path.map(String).join('.') || 'object'}`;
  throw new FileError({ who: 'report', expected: `an experiment in ${show(path)}`, got });
}

/** The pictures that `result.json` says were explained, which are as many for each run as there are runs. */
function explainedIn(path: string, runs: number): ExplainedRuns | null {
  const explained = (readJson(path) as { explained?: unknown } | null)?.explained ?? null;
  checked(explainedSchema(), explained, path);
  const found = explained as ExplainedRuns | null;
  const fits = (found?.pictures ?? []).every(({ overlays, explanations }) => {
    const pairs = explanations.pairs.flatMap((pair) => pair.runs);
    return overlays.length === runs && explanations.runs.length === runs && pairs.every((run) => run <= runs);
  });
  if (fits && (found?.runs.length ?? runs) === runs) return found;
  throw new FileError({ who: 'report', expected: `${runs} explained runs in ${show(path)}`, got: 'others' });
}

/**
 * The Result of the experiment in a folder; undefined where there is none, or it is not finished. Throws ArgumentError for a
 * definition or a trial that does not fit, FileError for a file that cannot be read or holds something else.
 */
export function keptResult(folder: string): Result | undefined {
  const [about, path] = [join(folder, 'experiment.json'), join(folder, 'result.json')];
  if (!existsSync(about) || !existsSync(path)) return undefined;
  const kept = readJson(about) as Identity;
  checked(identitySchema(), kept, about);
  const { machine, versions, startedAt } = kept;
  const definition = parseDefinition(kept.definition);
  const trials = plannedTrials(definition);
  const finished = trials.flatMap((trial) => {
    const found = stateOf('experiment', folder, trial);
    return found.state === 'done' ? [{ folder: join(folder, trial.folder), trial, result: found.result }] : [];
  });
  if (finished.length < trials.length) return undefined;
  const compared = finished.filter(({ trial }) => trial.threads === undefined);
  return {
    ...resultOfTrials({ definition, machine, versions, startedAt }, finished),
    explained: explainedIn(path, compared.length),
  };
}

/** The first difference of two runs, and the replay that says how it came about. */
import { existsSync } from 'node:fs';
import { type Dataset, isDrawn, pathOfData } from '../data/index.js';
import { ArgumentError, givenOptions, SamebitsError, show } from '../errors/index.js';
import type { ModelDefinition } from '../models/index.js';
import { networkOf, ownSettings, type Receipt } from '../runs/index.js';
import { capabilities } from '../runtime/index.js';
import { dataSettingsOf, openData, type ReadHooks, readHooksOf } from '../tasks/index.js';
import { type Diff, diffEvidence } from './diff.js';
import { openEvidence, type RunEvidence } from './evidence.js';
import type { ReplayedRun } from './replay/locate.js';
import { replayRuns } from './replay/replay.js';
import type { Replay, ReplayOutcome } from './replay/result.js';

/** What `diffReplayed` takes. */
export interface ReplayOptions {
  /** The module of the network of both runs, where that is of the user's own; its hash has to be that in their receipts. */
  model?: string;
  /** Where the training pictures lie now; where the receipts say by default. */
  data?: string;
  /** Where the validation pictures lie now. */
  validation?: string;
}

/** A difference with its replay; both are null for results that are equal and for files of tensors. */
export interface ReplayedDiff extends Diff {
  replay: Replay | null;
  /** Why there is no replay, in a sentence without its full stop. */
  noReplay: string | null;
}

/**
 * Data as the options or the run folder of this user name them; undefined where they are not there. What a receipt names is not
 * followed.
 */
function sourceOf({ options }: Receipt, folder: string, given: ReplayOptions) {
  const own: ReplayOptions = isDrawn(options.data) ? { data: options.data } : (ownSettings(folder) ?? {});
  const { data, validation } = {
    ...givenOptions(own, ['data', 'validation']),
    ...givenOptions(given, ['data', 'validation']),
  };
  if (data === undefined) return undefined;
  const paths = [pathOfData(data), validation].filter((path) => path !== undefined);
  return paths.every((path) => existsSync(path)) ? { data, validation } : undefined;
}

/** The pictures of both runs; undefined where they are not there. Throws ArgumentError for other ones. */
async function openReplayed(
  runs: readonly { receipt: Receipt; folder: string }[],
  options: ReplayOptions,
  hooks: ReadHooks,
): Promise<Dataset | undefined> {
  const receipt = runs[0]?.receipt;
  const source = runs.map((one) => sourceOf(one.receipt, one.folder, options)).find((one) => one !== undefined);
  if (receipt === undefined || source === undefined) return undefined;
  const { dataset } = await openData(dataSettingsOf({ ...receipt.options, ...source }), {
    who: 'diff',
    ...readHooksOf(hooks),
  });
  if (dataset.digest === receipt.dataHash) return dataset;
  dataset.dispose();
  const expected = `the data of both runs (${show(receipt.dataHash)}) in ${show(source.data)}`;
  throw new ArgumentError({ who: 'diff', expected, got: show(dataset.digest) });
}

/** Why two runs cannot be replayed here, before any work; undefined where they can. */
function whyNot(receipts: readonly (Receipt | undefined)[], epoch: number | null): string | undefined {
  const without = receipts.indexOf(undefined);
  if (without >= 0) return `there is no receipt of ${'AB'[without]} to replay it from`;
  if (epoch === 0) return 'the runs differ before their first step, so there is no common state to replay from';
  const { contract, isas } = capabilities();
  for (const [i, receipt] of (receipts as Receipt[]).entries()) {
    const isa = receipt.target.split('/')[1]!;
    if (receipt.options.device !== 'cpu') return `${'AB'[i]} was computed on a device, where arrivals are not watched`;
    if (receipt.contract !== contract) return `${'AB'[i]} keeps contract ${receipt.contract}, this build ${contract}`;
    if (!isas.some(({ name, available }) => name === isa && available)) {
      return `${'AB'[i]} was computed with ${isa}, which this machine does not have`;
    }
  }
  return undefined;
}

async function replayed(
  runs: readonly [RunEvidence, RunEvidence],
  diff: Diff,
  options: ReplayOptions,
  hooks: ReadHooks,
) {
  const none = (why: string): ReplayOutcome => ({ replay: null, why });
  const { difference } = diff;
  const receipts = runs.map(({ receipt }) => receipt);
  const why = whyNot(receipts, difference!.epoch);
  if (why !== undefined) return none(why);
  const known = runs.map(({ receipt, folder }) => ({ receipt: receipt!, folder }));
  const networks: ModelDefinition[] = [];
  for (const { receipt, folder } of known) {
    try {
      networks.push((await networkOf('diff', receipt, { folder, model: options.model })).definition);
    } catch (error) {
      if (options.model !== undefined || !(error instanceof SamebitsError)) throw error;
      return none(`${error.message}`);
    }
  }
  const dataset = await openReplayed(known, options, hooks);
  if (dataset === undefined) {
    const { data, validation } = receipts[0]!.options;
    const named = [options.data ?? data, options.validation ?? validation].filter((path) => path !== undefined);
    return none(`the data are not in ${named.join(' and ')}; --data names where they lie`);
  }
  try {
    const [a, b] = known.map(({ receipt }, i): ReplayedRun => ({ evidence: runs[i]!, receipt, network: networks[i]! }));
    return replayRuns([a!, b!], dataset, difference!);
  } finally {
    dataset.dispose();
  }
}

/**
 * The first difference between what lies at two paths, as `diffRuns` finds it, and for runs the replay from their last
 * common state, which names the join of partial sums that differed with the order in which each run added. Throws what
 * `diffRuns` throws, and ArgumentError for pictures that are not those of the runs.
 */
export async function diffReplayed(
  pathA: string,
  pathB: string,
  options: ReplayOptions = {},
  hooks: ReadHooks = {},
): Promise<ReplayedDiff> {
  const [a, b] = [openEvidence(pathA), openEvidence(pathB)];
  const diff = diffEvidence(a, b);
  if (diff.difference === null || a.kind !== 'run' || b.kind !== 'run')
    return { ...diff, replay: null, noReplay: null };
  const { replay, why } = await replayed([a, b], diff, options, hooks);
  return { ...diff, replay, noReplay: why };
}

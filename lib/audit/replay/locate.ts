/** The stages of a replay, and the operation in which two runs part: by replaying both, or by what they recorded. */
import type { Dataset } from '../../data/index.js';
import type { ModelDefinition } from '../../models/index.js';
import type { Receipt } from '../../runs/index.js';
import { joinsByArrival } from '../../settings/index.js';
import type { RunEvidence } from '../evidence.js';
import { mostTries } from './common_state.js';
import { callBehind, callsOf, type FoundOperation, isKept, partingCall, tracedCalls } from './find.js';
import { arrivesIn } from './sides.js';
import { type CapturedCall, Stage, type StepPlace, type TrainingState } from './stage.js';
import { stepRecord, withRecordedInputs } from './values.js';

/** A replay that cannot be gone on with, and why. */
export class NoReplay extends Error {}

/** A run with its receipt and its network. */
export interface ReplayedRun {
  evidence: RunEvidence;
  receipt: Receipt;
  network: ModelDefinition;
}

export type Two<T> = readonly [T, T];

/** Whether a run does the same when it is computed again. */
const isExact = ({ receipt }: ReplayedRun) =>
  !joinsByArrival(receipt.options) || receipt.options.arrivalSeed !== undefined;

export const both = <T, U>([a, b]: Two<T>, call: (one: T) => U): [U, U] => [call(a), call(b)];

/** The stages of a replay; a run whose arrival was real has none that computes it again. */
export class Replaying {
  readonly exact: Two<Stage | undefined>;
  /** Computes what both runs have in common: exactly where one of them is, otherwise with arrivals as they come. */
  readonly guide: { stage: Stage; run: ReplayedRun; isExact: boolean };

  constructor(
    readonly runs: Two<ReplayedRun>,
    dataset: Dataset,
  ) {
    const stageOf = ({ receipt, network }: ReplayedRun) => new Stage(receipt, dataset, network);
    this.exact = both(runs, (run) => (isExact(run) ? stageOf(run) : undefined));
    const at = this.exact.findIndex((stage) => stage !== undefined);
    const run = runs[at] ?? runs[0];
    this.guide = { run, stage: this.exact[at] ?? stageOf(run), isExact: at >= 0 };
  }

  dispose(): void {
    for (const stage of new Set([...this.exact, this.guide.stage])) stage?.dispose();
  }
}

export interface Found {
  found: FoundOperation | undefined;
  /** The call as every stage that is exact makes it, and as any of them does. */
  calls: Two<CapturedCall | undefined>;
  call: CapturedCall | undefined;
  remarks: string[];
}

/** Finds the operation by exact replays of both runs. */
export function findExactly(replaying: Replaying, place: StepPlace, state: TrainingState): Found {
  const stages = replaying.exact as Two<Stage>;
  const seen = both(stages, (stage) => {
    stage.state = state;
    return stage.observe(place);
  });
  const remarks = replaying.runs.flatMap(({ evidence }, i) => {
    const record = stepRecord(evidence, place);
    if (record === undefined || record.weights.root === seen[i]!.outcome.weights) return [];
    return [`a replay of ${'AB'[i]} does not give its recorded weights after this step: they were changed otherwise`];
  });
  const found = partingCall(seen[0].called, seen[1].called);
  if (found === undefined) return { found, calls: [undefined, undefined], call: undefined, remarks };
  const calls = both(stages, (stage) => captured(stage, place, state, found));
  return { found, calls, call: calls[0], remarks };
}

function captured(stage: Stage, place: StepPlace, state: TrainingState, { number }: FoundOperation): CapturedCall {
  stage.state = state;
  return stage.capture(place, number)!;
}

/** Finds the operation by what was recorded, where a run cannot be computed again. */
export function findRecorded(replaying: Replaying, place: StepPlace, state: TrainingState): Found {
  const { stage, isExact } = replaying.guide;
  const traced = both(replaying.runs, ({ evidence }) => tracedCalls(evidence.trace, place));
  const records = both(replaying.runs, ({ evidence }) => stepRecord(evidence, place));
  const nothing = { calls: [undefined, undefined] as const, call: undefined };
  const callOf = ({ number }: FoundOperation): CapturedCall => {
    stage.state = state;
    return stage.capture(place, number)!;
  };
  const sides = (call: CapturedCall) => both(replaying.exact, (exact) => (exact === undefined ? undefined : call));
  const [left, right] = traced;
  if (left && right) {
    const found = partingCall(callsOf(left), callsOf(right));
    if (found === undefined || found.read) return { ...nothing, found, remarks: [] };
    const record = left[found.number - 1]!;
    for (let tries = isExact ? 1 : mostTries; tries > 0; tries -= 1) {
      const call = withRecordedInputs(callOf(found), record, replaying.runs[0].evidence.trace!);
      if (call !== undefined) return { found, calls: sides(call), call, remarks: [] };
    }
    const chance = 'what the operation read was joined as it arrived and is not met by a replay';
    return { ...nothing, found, remarks: [`${chance}; --trace-values keeps it`] };
  }
  const [a, b] = records;
  if (a === undefined || b === undefined) throw new NoReplay('a step without a record cannot be looked into');
  stage.state = state;
  const seen = stage.observe(place);
  const found = callBehind([a, b], gradientNames(replaying.runs[0]), seen);
  if (found === undefined) return { ...nothing, found, remarks: [] };
  const call = callOf(found);
  const receipts = replaying.runs.map(({ receipt }) => receipt);
  const unseen = seen.called
    .slice(0, found.number - 1)
    .find((one) => receipts.some((receipt) => arrivesIn(receipt, one.kernel)) && !isKept(one, seen.outcome));
  const guess =
    'operations were not traced: an earlier one may have parted already, of which no result is recorded, as';
  return { found, calls: sides(call), call, remarks: unseen === undefined ? [] : [`${guess} ${unseen.kernel}`] };
}

const gradientNames = ({ evidence }: ReplayedRun) => evidence.trace!.begin!.gradients.map(([name]) => name);

/**
 * Two runs computed again from their last common state, to say in which operation they part and in which order each of
 * them added there.
 */
import type { Dataset } from '../../data/index.js';
import { contractOf } from '../../runtime/index.js';
import type { Difference } from '../difference.js';
import { type ElementDifference, firstElement } from '../element.js';
import { type Beginning, begin, beginningBefore, goTo, mostTries } from './common_state.js';
import { bitName } from './joins.js';
import { both, findExactly, findRecorded, NoReplay, type ReplayedRun, Replaying, type Two } from './locate.js';
import { singleBit } from './orders.js';
import type { Replay, ReplayOutcome } from './result.js';
import { arrivesIn, type ElementPlace, orderOf, partingJoin, type Side } from './sides.js';
import type { Stage, StepPlace, TrainingState } from './stage.js';
import { capturedValues, recordedValues } from './values.js';

/** The state both runs had in common before `end`. */
function commonState({ guide }: Replaying, from: Beginning, end: StepPlace): TrainingState {
  const { stage, run, isExact } = guide;
  begin(stage, from, stage.state);
  const wanted = run.evidence.states[from.epochs];
  if (wanted !== undefined && stage.root() !== wanted.root) {
    throw new NoReplay('the state that a replay begins with is not the recorded one');
  }
  const place = goTo(stage, run.evidence, { from, end, tries: isExact ? 1 : mostTries });
  if (place === undefined) return stage.state;
  if (isExact) throw new NoReplay(`a replay does not give the recorded state ${place}`);
  const chance = `the runs joined sums as they arrived and had the same bits ${place} by chance`;
  throw new NoReplay(`${chance}, which none of ${mostTries} replays met`);
}

/** The first step of an epoch in which exact replays of both runs part, and the state before it. */
function partingStep([a, b]: Two<Stage>, state: TrainingState, epoch: number) {
  b.state = state;
  for (let step = 1; step <= a.steps; step += 1) {
    const before = a.state;
    const [left, right] = both([a, b], (stage) => stage.take({ epoch, step }));
    if (left.weights === right.weights && left.lossBits === right.lossBits) continue;
    return { place: { epoch, step }, state: before };
  }
  return undefined;
}

function indexOf({ at, shape }: ElementDifference): number {
  return at.reduce((index, place, axis) => index * shape[axis]! + place, 0);
}

/** What a difference that no join made is. */
function unjoined(element: ElementDifference | null, bit: Replay['bit']): string {
  if (bit !== null) return `one bit (${bit.name}) differs; no order of the partial sums explains it`;
  return element === null ? 'no operation joined sums in another order' : 'no order of the partial sums explains it';
}

const floatOf = (hex: string) => new Float32Array(Uint32Array.of(Number(hex)).buffer)[0]!;

function bitOf(element: ElementDifference | null): Replay['bit'] {
  if (element?.dtype !== 'float32') return null;
  const bit = singleBit(floatOf(element.a.hex), floatOf(element.b.hex));
  return bit === undefined ? null : { bit, name: bitName(bit) };
}

/** The orders of both runs at an element of an operation's output, and what is to be said of them. */
function orders(replaying: Replaying, place: ElementPlace, values: Two<number | undefined>) {
  return both([0, 1] as Two<0 | 1>, (i) => {
    const side: Side = { receipt: replaying.runs[i].receipt, stage: replaying.exact[i], value: values[i] };
    if (side.stage !== undefined) side.stage.state = place.state;
    return orderOf(place, side);
  });
}

/** The replay of a step. */
function replayStep(replaying: Replaying, place: StepPlace, state: TrainingState, difference: Difference): Replay {
  const areExact = replaying.exact.every((stage) => stage !== undefined);
  const { found, calls, call, remarks } = (areExact ? findExactly : findRecorded)(replaying, place, state);
  const replay: Replay = {
    from: { epoch: place.epoch, step: place.step - 1 },
    place,
    operation: found === undefined || found.read ? null : { number: found.number, kernel: found.kernel },
    output: found?.tensor ?? null,
    element: difference.element,
    bit: bitOf(difference.element),
    join: null,
    sides: null,
    remarks,
  };
  if (found === undefined && areExact) {
    const [left, right] = both(replaying.exact as Two<Stage>, (stage) => stage.state.tensors);
    const at = left.findIndex((tensor, i) => firstElement(tensor, right[i]!) !== undefined);
    if (at >= 0) {
      replay.output = left[at]!.name;
      replay.element = firstElement(left[at]!, right[at]!)!;
      replay.bit = bitOf(replay.element);
    }
  }
  if (found !== undefined) {
    const [left, right] = both([0, 1] as Two<0 | 1>, (i) => {
      const made = calls[i];
      return made === undefined
        ? recordedValues(replaying.runs[i].evidence, place, found)
        : capturedValues(made, found);
    });
    if (left && right) replay.element = firstElement(left, right) ?? difference.element;
    replay.bit = bitOf(replay.element);
  }
  const arrives = found !== undefined && replaying.runs.some(({ receipt }) => arrivesIn(receipt, found.kernel));
  if (replay.operation === null || call === undefined || !arrives) {
    return { ...replay, remarks: [...remarks, unjoined(replay.element, replay.bit)] };
  }
  const { element } = replay;
  if (element === null) {
    const kept = `the values of ${found!.tensor} were not kept, so no order can be looked for; --trace-values keeps them`;
    return { ...replay, remarks: [...remarks, kept] };
  }
  const slot = contractOf(call.kernel).tensors.findIndex(({ name }) => name === found!.tensor);
  const values = both([element.a, element.b], ({ hex }) => floatOf(hex));
  const at = { step: place, state, operation: found!.number, call, element: { slot, index: indexOf(element) } };
  const sides = orders(replaying, at, values);
  const unexplained = sides.every(({ how }) => how === 'place' || how === 'unexplained');
  const why = unexplained ? [unjoined(element, replay.bit)] : [];
  return { ...replay, sides, join: partingJoin(sides), remarks: [...remarks, ...why] };
}

/** Replays two runs to where they part. */
export function replayRuns(runs: Two<ReplayedRun>, dataset: Dataset, difference: Difference): ReplayOutcome {
  const replaying = new Replaying(runs, dataset);
  const evidence = both(runs, (run) => run.evidence);
  try {
    const epoch = difference.epoch!;
    const from = beginningBefore(epoch, evidence);
    const end = { epoch, step: difference.step ?? 1 };
    if (difference.step !== null) {
      const state = commonState(replaying, from, end);
      return { replay: replayStep(replaying, end, state, difference), why: null };
    }
    const [a, b] = replaying.exact;
    if (a === undefined || b === undefined) {
      const why =
        'only states after epochs were compared, and real arrival does not repeat itself; --trace steps or ops';
      throw new NoReplay(`${why} records more`);
    }
    const parted = partingStep([a, b], commonState(replaying, from, end), epoch);
    if (parted === undefined) {
      throw new NoReplay(`replays of both runs agree in every step of epoch ${epoch}; one was changed otherwise`);
    }
    return { replay: replayStep(replaying, parted.place, parted.state, difference), why: null };
  } catch (error) {
    if (error instanceof NoReplay) return { replay: null, why: error.message };
    throw error;
  } finally {
    replaying.dispose();
  }
}

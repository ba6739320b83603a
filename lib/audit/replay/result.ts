/** What a replay of two runs from their last common state found, as plain data. */
import type { ElementDifference, Value } from '../element.js';

/** One arrival at the element: a task of the operation, what it adds, and what the element holds after it. */
export interface ArrivalAt {
  /** Null where parts of tasks are told apart. */
  task: number | null;
  /** What the task takes: `samples 8 to 15`; null where the operation does not say. */
  takes: string | null;
  /** Null where it could not be told apart. */
  partial: Value | null;
  sum: Value;
}

/**
 * How one run added: `recorded`, a seeded arrival replayed exactly; `explains`, an order that gives the recorded bits,
 * found by search as the real one was not recorded; `place`, the join tree of the contract; `unexplained`, no order found;
 * `unknown`, nothing to find it from.
 */
export type How = 'recorded' | 'explains' | 'place' | 'unexplained' | 'unknown';

/** The order in which one run joined the sums of an element, and how that is known. */
export interface SideOrder {
  how: How;
  /** The same in a sentence without its full stop. */
  words: string;
  arrivals: ArrivalAt[];
}

/** The first arrival, counted from 1, after which the two running sums differ. */
export interface PartingJoin {
  arrival: number;
  a: ArrivalAt;
  b: ArrivalAt;
}

/** A single bit in which the two values differ. */
export interface DifferingBit {
  /** 0 is the lowest of the mantissa, 31 the sign. */
  bit: number;
  name: string;
}

/** What the replay found. */
export interface Replay {
  /** Where both runs were the same last: `step` steps of `epoch` were done (0 steps: where it began). */
  from: { epoch: number; step: number };
  place: { epoch: number; step: number };
  /** First operation that wrote other bits from the same inputs; null where none did. */
  operation: { number: number; kernel: string } | null;
  /** Its output that differs. */
  output: string | null;
  element: ElementDifference | null;
  bit: DifferingBit | null;
  join: PartingJoin | null;
  /** Null where no operation is to blame. */
  sides: [SideOrder, SideOrder] | null;
  /** What else has to be known, sentences without their full stop. */
  remarks: string[];
}

/** A replay, or why there is none in a sentence without its full stop. */
export type ReplayOutcome = { replay: Replay; why: null } | { replay: null; why: string };

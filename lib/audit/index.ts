/** Auditing: a training computed again from its receipt, and the first difference between two results. */
export { type Diff, diffRuns } from './diff.js';
export type { Difference } from './difference.js';
export type { ElementDifference, Value } from './element.js';
export type { FileDifference } from './receipt_files.js';
export type { ArrivalAt, DifferingBit, How, PartingJoin, Replay, SideOrder } from './replay/result.js';
export { diffReplayed, type ReplayedDiff, type ReplayOptions } from './replayed_diff.js';
export {
  type FactDifference,
  type StateDifference,
  type Verification,
  type VerifyDifference,
  type VerifyOptions,
  verifyReceipt,
} from './verify.js';

/** A training computed again, the first difference of two, and how far each source of difference leads. */
export {
  type AttributedRun,
  type AttributedSource,
  type AttributeHooks,
  type AttributeOptions,
  type Attribution,
  attribute,
} from '../attribution/index.js';
export {
  type ArrivalAt,
  type Diff,
  type Difference,
  type DifferingBit,
  diffReplayed,
  diffRuns,
  type ElementDifference,
  type FactDifference,
  type FileDifference,
  type How,
  type PartingJoin,
  type Replay,
  type ReplayedDiff,
  type ReplayOptions,
  type SideOrder,
  type StateDifference,
  type Value,
  type Verification,
  type VerifyDifference,
  type VerifyOptions,
  verifyReceipt,
} from '../audit/index.js';
export * as divergence from '../divergence/index.js';

/** What is known of the values of an output: from a trace that kept them, or from an exact replay. */
import { type OpRecord, type StepRecord, type StoredTensor, type Trace, tensorHash } from '../../trace/index.js';
import { valuesIn } from '../difference.js';
import type { RunEvidence } from '../evidence.js';
import type { FoundOperation } from './find.js';
import type { CapturedCall, StepPlace } from './stage.js';

/** The record of a step in a run's trace. */
export const stepRecord = ({ trace }: RunEvidence, at: StepPlace): StepRecord | undefined =>
  trace?.steps.find(({ epoch, step }) => epoch === at.epoch && step === at.step);

/** The recorded values of a tensor of a call, under the call's name for it; undefined where they were not kept. */
export function recordedValues(run: RunEvidence, at: StepPlace, found: FoundOperation): StoredTensor | undefined {
  const { trace } = run;
  if (trace === undefined) return undefined;
  const { epoch, step } = at;
  const { number: op, tensor: name, gradientOf } = found;
  const traced = trace.ops.find((one) => one.epoch === epoch && one.step === step && one.op === op);
  const hash = traced?.tensors.find((one) => one.name === name)?.hash;
  const kept = hash && valuesIn(trace, { of: 'op', epoch, step, op, name }, hash);
  if (kept) return kept;
  const record = stepRecord(run, at);
  if (record === undefined) return undefined;
  if (gradientOf !== undefined) {
    const index = trace.begin!.gradients.findIndex(([weight]) => weight === gradientOf);
    const gradient = valuesIn(
      trace,
      { of: 'gradients', epoch, step, op: 0, name: gradientOf },
      record.gradients.leaves[index]!,
    );
    return gradient && { ...gradient, name };
  }
  // The loss is a float32 in the text of every step.
  if (name !== 'loss') return undefined;
  return { name, dtype: 'float32', shape: [], data: Float32Array.of(Number(record.loss)) };
}

/** A tensor of a captured call, after it where the call wrote it. */
export function capturedValues({ before, after }: CapturedCall, { tensor, read }: FoundOperation) {
  return (read ? before : after).find((one) => one?.name === tensor) ?? undefined;
}

/**
 * A captured call that reads what was recorded: its own inputs where they have the recorded bits, otherwise those the trace
 * kept; undefined where it kept none.
 */
export function withRecordedInputs(call: CapturedCall, record: OpRecord, trace: Trace): CapturedCall | undefined {
  const { epoch, step, op } = record;
  const before: CapturedCall['before'] = [];
  for (const tensor of call.before) {
    const traced = tensor && record.tensors.find(({ name }) => name === tensor.name)!;
    if (traced === null || traced.output || tensorHash(tensor!) === traced.hash) {
      before.push(tensor);
      continue;
    }
    const kept = valuesIn(trace, { of: 'op', epoch, step, op, name: traced.name }, traced.hash);
    if (kept === undefined) return undefined;
    before.push(kept);
  }
  return { ...call, before };
}

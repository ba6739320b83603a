/** What the frames of a trace hold: one JSON line each, then the bytes of a tensor where values are kept. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { dtypes } from '../tensor/index.js';
import { littleEndian, type StoredTensor } from './bytes.js';

/** How much a trace records: the state after each epoch; weights and gradients of each step too; each operation too. */
export const traceLevels = ['weights', 'steps', 'ops'] as const;
export type TraceLevel = (typeof traceLevels)[number];

const count = z.int().min(0);
const hex = z.string().regex(/^[0-9a-f]{64}$/);
/** A tree as files keep it. */
export const treeSchema = z.strictObject({ root: hex, leaves: z.array(hex) });
const about = { name: z.string(), dtype: z.enum(dtypes), shape: z.array(count) };
const described = z.array(z.tuple([about.name, about.dtype, about.shape]));
/** Name, dtype and shape of a tensor in a list of leaves. */
export type Described = z.infer<typeof described>[number];

/** The first record: what is traced, and of what. */
const beginSchema = z.strictObject({
  kind: z.literal('begin'),
  level: z.enum(traceLevels),
  /** Steps, from the first, whose values are kept. */
  values: count,
  identity: z.record(z.string(), z.union([z.string(), z.number()])),
  target: z.string(),
  state: described,
  weights: described,
  gradients: described,
});
const epochSchema = z.strictObject({ kind: z.literal('epoch'), epoch: count, state: treeSchema });
const stepSchema = z.strictObject({
  kind: z.literal('step'),
  epoch: count,
  step: count,
  loss: z.string(),
  gradients: treeSchema,
  weights: treeSchema,
});
const opSchema = z.strictObject({
  kind: z.literal('op'),
  epoch: count,
  step: count,
  op: count,
  kernel: z.string(),
  tensors: z.array(z.strictObject({ ...about, output: z.boolean(), hash: hex })),
});
const valuesSchema = z.strictObject({
  kind: z.literal('values'),
  of: z.enum(['op', 'gradients', 'weights']),
  epoch: count,
  step: count,
  /** Number of the operation; 0 for gradients and weights. */
  op: count,
  ...about,
});

/** The last record of a training that ended: how many of each kind stand before it. */
const endSchema = z.strictObject({ kind: z.literal('end'), epochs: count, steps: count, ops: count });

export type TraceBegin = z.infer<typeof beginSchema>;
export type EpochRecord = z.infer<typeof epochSchema>;
export type StepRecord = z.infer<typeof stepSchema>;
export type OpRecord = z.infer<typeof opSchema>;
export type EndRecord = z.infer<typeof endSchema>;
export type ValuesRecord = z.infer<typeof valuesSchema>;
/** A record that is part of a chain. */
export type ChainedRecord = EpochRecord | StepRecord | OpRecord;
export type TraceRecord = TraceBegin | ChainedRecord | ValuesRecord | EndRecord;

const chain = { chain: hex };
const recordSchema = z.discriminatedUnion('kind', [
  beginSchema,
  epochSchema.extend(chain),
  stepSchema.extend(chain),
  opSchema.extend(chain),
  valuesSchema,
  endSchema,
]);
/** A record as the file keeps it. */
export type WrittenRecord = z.infer<typeof recordSchema>;

/** Where a chain begins. */
export const chainStart = '0'.repeat(64);

/** The hash of a chain with one more record: two chains are equal only where all their records are. */
export function chained(before: string, record: ChainedRecord): string {
  const bytes = Buffer.concat([Buffer.of(3), Buffer.from(before, 'hex')]);
  return createHash('sha256').update(bytes).update(JSON.stringify(record)).digest('hex');
}

/** The payload of a record; `tensor` for values. */
export function encodeRecord(record: WrittenRecord, tensor?: StoredTensor): Buffer {
  const line = Buffer.from(`${JSON.stringify(record)}\n`);
  return tensor === undefined ? line : Buffer.concat([line, littleEndian(tensor.data)]);
}

/** The record of a payload, and the bytes after it; undefined for what is none. */
export function decodeRecord(payload: Buffer): { record: WrittenRecord; bytes: Buffer } | undefined {
  const end = payload.indexOf(10);
  if (end < 0) return undefined;
  try {
    const record: unknown = JSON.parse(payload.subarray(0, end).toString());
    recordSchema.parse(record);
    // As it was written, not as the schema orders it: the chain is over its text.
    return { record: record as WrittenRecord, bytes: payload.subarray(end + 1) };
  } catch {
    return undefined;
  }
}

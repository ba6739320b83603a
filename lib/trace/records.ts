/** What the frames of a trace hold: one JSON line each, then the bytes of a tensor where values are kept. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { lazySchema } from '../lazy/index.js';
import { dtypes } from '../tensor/index.js';
import { littleEndian, type StoredTensor } from './bytes.js';

/** How much a trace records: the state after each epoch; weights and gradients of each step too; each operation too. */
export const traceLevels = ['weights', 'steps', 'ops'] as const;
/** How much a trace records: the state after each epoch, each step too, or each operation too. */
export type TraceLevel = (typeof traceLevels)[number];

type Zod = typeof z;
const hexOf = (z: Zod) => z.string().regex(/^[0-9a-f]{64}$/);
const treeOf = (z: Zod) => z.strictObject({ root: hexOf(z), leaves: z.array(hexOf(z)) });
/** A tree as files keep it. */
export const treeSchema = lazySchema(treeOf);

function schemasOf(z: Zod) {
  const count = z.int().min(0);
  const hex = hexOf(z);
  const tree = treeOf(z);
  const about = { name: z.string(), dtype: z.enum(dtypes), shape: z.array(count) };
  const described = z.array(z.tuple([about.name, about.dtype, about.shape]));
  return {
    /** The first record: what is traced, and of what. */
    begin: z.strictObject({
      kind: z.literal('begin'),
      level: z.enum(traceLevels),
      /** Steps, from the first, whose values are kept. */
      values: count,
      identity: z.record(z.string(), z.union([z.string(), z.number()])),
      target: z.string(),
      state: described,
      weights: described,
      gradients: described,
    }),
    epoch: z.strictObject({ kind: z.literal('epoch'), epoch: count, state: tree }),
    step: z.strictObject({
      kind: z.literal('step'),
      epoch: count,
      step: count,
      loss: z.string(),
      gradients: tree,
      weights: tree,
    }),
    op: z.strictObject({
      kind: z.literal('op'),
      epoch: count,
      step: count,
      op: count,
      kernel: z.string(),
      tensors: z.array(z.strictObject({ ...about, output: z.boolean(), hash: hex })),
    }),
    values: z.strictObject({
      kind: z.literal('values'),
      of: z.enum(['op', 'gradients', 'weights']),
      epoch: count,
      step: count,
      /** Number of the operation; 0 for gradients and weights. */
      op: count,
      ...about,
    }),
    /** The last record of a training that ended: how many of each kind stand before it. */
    end: z.strictObject({ kind: z.literal('end'), epochs: count, steps: count, ops: count }),
  };
}
type Schemas = ReturnType<typeof schemasOf>;

export type TraceBegin = z.infer<Schemas['begin']>;
/** Name, dtype and shape of a tensor in a list of leaves. */
export type Described = TraceBegin['state'][number];
export type EpochRecord = z.infer<Schemas['epoch']>;
export type StepRecord = z.infer<Schemas['step']>;
export type OpRecord = z.infer<Schemas['op']>;
export type EndRecord = z.infer<Schemas['end']>;
export type ValuesRecord = z.infer<Schemas['values']>;
/** A record that is part of a chain. */
export type ChainedRecord = EpochRecord | StepRecord | OpRecord;
export type TraceRecord = TraceBegin | ChainedRecord | ValuesRecord | EndRecord;

const recordSchema = lazySchema((z) => {
  const { begin, epoch, step, op, values, end } = schemasOf(z);
  const chain = { chain: hexOf(z) };
  const linked = [epoch.extend(chain), step.extend(chain), op.extend(chain)] as const;
  return z.discriminatedUnion('kind', [begin, ...linked, values, end]);
});
/** A record as the file keeps it. */
export type WrittenRecord = z.infer<ReturnType<typeof recordSchema>>;

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
    recordSchema().parse(record);
    // As it was written, not as the schema orders it: the chain is over its text.
    return { record: record as WrittenRecord, bytes: payload.subarray(end + 1) };
  } catch {
    return undefined;
  }
}

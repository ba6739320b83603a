/** The results of `verify` and `diff`. */
import type { Difference, Replay, ReplayedDiff, SideOrder, Verification, VerifyDifference } from '../../audit/index.js';
import { element, type Schema, value, words, type Zod } from './words.js';

const verifyDifference = (z: Zod): Schema<VerifyDifference> => {
  const { text, count } = words(z);
  const both = { recorded: text, found: text };
  return z.union([
    z.object({ what: z.literal('file'), file: text, tensor: text.nullable(), ...both }),
    z.object({ what: z.literal('state'), epoch: count, tensor: text, element: element(z).nullable() }),
    z.object({ what: z.literal('fact'), epoch: count, name: text, ...both }),
  ]);
};

/** What `verify` prints. */
export const verify = (z: Zod): Schema<Verification> => {
  const { text, count, flag } = words(z);
  return z.object({
    ...{ equal: flag, receipt: text, epochs: z.array(count), ofEpochs: count },
    files: z.object({ checked: count, missing: z.array(text) }),
    ...{ signedBy: text.nullable(), root: text.nullable(), difference: verifyDifference(z).nullable() },
    ...{ told: z.record(text, z.unknown()), warnings: z.array(text) },
  });
};

const kinds = ['state', 'loss', 'gradients', 'weights', 'input', 'output', 'kernel', 'tensors'] as const;

const operation = (z: Zod) => z.object({ number: z.int().min(1), kernel: z.string() }).nullable();

const difference = (z: Zod): Schema<Difference> => {
  const { text, count } = words(z);
  return z.object({
    ...{ epoch: count.nullable(), step: count.nullable(), operation: operation(z), of: z.enum(kinds) },
    ...{ tensor: text.nullable(), tensors: z.object({ differing: count, all: count }) },
    ...{ element: element(z).nullable(), saved: z.object({ epoch: count, element: element(z) }).nullable() },
  });
};

const arrival = (z: Zod) => {
  const { text, count } = words(z);
  return z.object({ task: count.nullable(), takes: text.nullable(), partial: value(z).nullable(), sum: value(z) });
};

const side = (z: Zod): Schema<SideOrder> => {
  const how = z.enum(['recorded', 'explains', 'place', 'unexplained', 'unknown']);
  return z.object({ how, words: z.string(), arrivals: z.array(arrival(z)) });
};

const replay = (z: Zod): Schema<Replay> => {
  const { text, count } = words(z);
  const step = z.object({ epoch: count, step: count });
  return z.object({
    ...{ from: step, place: step, operation: operation(z), output: text.nullable(), element: element(z).nullable() },
    bit: z.object({ bit: count, name: text }).nullable(),
    join: z.object({ arrival: count, a: arrival(z), b: arrival(z) }).nullable(),
    ...{ sides: z.tuple([side(z), side(z)]).nullable(), remarks: z.array(text) },
  });
};

/** What `diff` prints. */
export const diff = (z: Zod): Schema<ReplayedDiff> => {
  const { text, count, flag } = words(z);
  const cut = count.nullable();
  return z.object({
    ...{ equal: flag, a: text, b: text },
    compared: z.object({ what: z.enum(['operations', 'steps', 'epochs', 'tensors']), count }),
    ...{ counts: z.tuple([count, count]), finished: z.tuple([flag, flag]), shorter: z.enum(['a', 'b']).nullable() },
    ...{ cuts: z.tuple([cut, cut]), root: text.nullable(), difference: difference(z).nullable() },
    ...{ replay: replay(z).nullable(), noReplay: text.nullable() },
  });
};

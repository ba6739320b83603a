// Runs one case on a runtime, forward and backward, through the operations as a user calls them.

import { gradients, type Runtime, scope, tensor } from '../../lib/index.js';
import type { Floats, OperationTable, Values } from '../cases/case.js';
import { loadCaseFiles } from './case_files.js';
import { drawInput } from './inputs.js';

/** A table whose settings only the table itself needs to know. */
export type AnyTable = OperationTable<unknown>;

/** Every table of test/cases, in the order of their files. */
export const loadTables = async (): Promise<AnyTable[]> => (await loadCaseFiles()).flatMap(({ tables }) => tables);

/** What a case gives: its output and, per input, its gradient or null. */
export interface CaseResult {
  readonly y: Floats;
  readonly gradients: readonly (Floats | null)[];
}

/** What goes backward from an output: a seed to draw it from, or a function of the output's shape. */
export type Upstream = number | ((shape: readonly number[]) => Floats);

/** The last upstream gradients by seed and shape: a case is run many times over, and drawing takes longer than most kernels. */
const drawn = new Map<string, Floats>();
const kMostDrawn = 500;

/** The upstream gradient of an output; nobody writes into it. */
export function drawUpstream(shape: readonly number[], upstream: Upstream): Floats {
  if (typeof upstream !== 'number') return upstream(shape);
  const key = `${upstream} of [${shape}]`;
  const values = drawn.get(key) ?? drawInput({ name: 'dy', shape, draw: 'normal' }, upstream, 99);
  if (drawn.size >= kMostDrawn) drawn.clear();
  drawn.set(key, values);
  return values;
}

/** Runs a case forward and, where something is differentiable, backward from an upstream gradient. */
export function runCase(
  runtime: Runtime,
  table: Pick<AnyTable, 'run' | 'differentiable'>,
  settings: unknown,
  inputs: readonly Floats[],
  upstream: Upstream,
): CaseResult {
  return scope(() => {
    const given = inputs.map(({ shape, data }) => tensor(runtime, data, shape));
    const output = table.run(given, settings);
    const y = { shape: output.shape, data: output.data() };
    const none = inputs.map(() => null);
    const wanted = given.filter((_, i) => table.differentiable[i]);
    if (wanted.length === 0) return { y, gradients: none };
    const { data, shape } = drawUpstream(y.shape, upstream);
    const dy = tensor(runtime, data, shape);
    const walked = gradients(() => ({ loss: table.run(given, settings) }), wanted, dy);
    const found = new Map(wanted.map((input, k) => [input, walked.gradients[k] ?? null]));
    const result = given.map((input) => {
      const gradient = found.get(input);
      return gradient ? { shape: gradient.shape, data: gradient.data() } : null;
    });
    return { y, gradients: result };
  });
}

export const toValues = ({ shape, data }: Floats): Values => ({ shape, data: new Float64Array(data) });

/**
 * Cases of layer and group normalization: rows shorter than a vector and longer than a chunk of a sum, several axes, groups that lie
 * apart in memory, more positions than a chunk.
 */
import { groupNorm, layerNorm, type Tensor } from '../../lib/index.js';
import * as contract from '../contract/normalize.js';
import { type Drawer, sizeOf, until } from '../drawn/drawer.js';
import { named } from '../drawn/shapes.js';
import { normalizeProbes } from '../order/probes/normalize.js';
import * as reference from '../reference/normalize.js';
import type { CaseInput, Floats, OperationTable } from './case.js';

export const golden = 'sha256:276b4ae5e6412071b902ae2f13eb8b0080e80479aeb2e7bfd1ade14b67313a1b';

interface Settings {
  epsilon: number;
  /** How many of the last axes are normalised together, of layer normalization. */
  axes?: number;
  /** Of group normalization. */
  groups?: number;
  gamma: boolean;
  beta: boolean;
}

/** x, and gamma and beta where they are given. */
function given<T>([x, ...rest]: readonly T[], { gamma, beta }: Settings): { x: T; gamma: T | null; beta: T | null } {
  const parameters = [...rest];
  return { x: x!, gamma: gamma ? parameters.shift()! : null, beta: beta ? parameters.shift()! : null };
}

const parameterShape = (shape: readonly number[], { axes = 1 }: Settings) => shape.slice(shape.length - axes);

function layoutOf(shape: readonly number[], { axes, groups }: Settings): contract.Layout {
  const inner = axes ?? 1;
  const channels = shape.slice(shape.length - inner).reduce((a, b) => a * b, 1);
  const before = shape.slice(0, shape.length - inner);
  const [samples = 1, ...places] = before;
  return { samples, positions: places.reduce((a, b) => a * b, 1), channels, groups: groups ?? null };
}

const rowsOf = (shape: readonly number[], { axes, groups }: Settings): reference.Rows =>
  groups === undefined ? reference.layerRows(shape, axes!) : reference.groupRows(shape, groups);

const floats = ({ x, gamma, beta }: ReturnType<typeof given<Floats>>): contract.Given => ({
  x: x.data,
  gamma: gamma?.data ?? null,
  beta: beta?.data ?? null,
});

function inputsOf(shape: readonly number[], settings: Settings): CaseInput[] {
  const parameters = (['gamma', 'beta'] as const).filter((name) => settings[name]);
  return [{ name: 'x', shape }, ...parameters.map((name) => ({ name, shape: parameterShape(shape, settings) }))];
}

type Own = Pick<Settings, 'axes' | 'groups'>;
type Form = Pick<Settings, 'gamma' | 'beta'>;

const one = (shape: readonly number[], form: Form, own: Own) => ({
  name: `normalize [${shape}] ${JSON.stringify({ ...own, ...form })}`,
  inputs: inputsOf(shape, { epsilon: 1e-3, ...own, ...form }),
  settings: { epsilon: 1e-3, ...own, ...form },
});

const tableOf = (
  form: Form,
  shapes: readonly [shape: readonly number[], own: Own, bench?: boolean][],
): OperationTable<Settings> => ({
  op: 'normalize',
  run: (inputs, settings) => {
    const { x, ...parameters } = given<Tensor>(inputs, settings);
    const { epsilon, groups, axes = 1 } = settings;
    if (groups !== undefined) return groupNorm(x, parameters, { groups, epsilon });
    const last = Array.from({ length: axes }, (_, i) => -1 - i);
    return layerNorm(x, parameters, { axes: last, epsilon });
  },
  judge: (inputs, settings) =>
    reference.normalize(given(inputs, settings), rowsOf(inputs[0]!.shape, settings), settings.epsilon),
  contract: {
    forward: (inputs, settings) => {
      const { shape } = inputs[0]!;
      const data = contract.normalize(floats(given(inputs, settings)), layoutOf(shape, settings), settings.epsilon);
      return { shape, data };
    },
    gradients: (inputs, _y, dy, settings) => {
      const { shape } = inputs[0]!;
      const of = floats(given(inputs, settings));
      const layout = layoutOf(shape, settings);
      const { dx, dgamma, dbeta } = contract.normalizeGradients(of, layout, settings.epsilon, dy.data);
      const parameters = [...(form.gamma ? [dgamma] : []), ...(form.beta ? [dbeta] : [])];
      return [{ shape, data: dx }, ...parameters.map((data) => ({ shape: parameterShape(shape, settings), data }))];
    },
  },
  differentiable: [true, form.gamma, form.beta].filter((is) => is),
  tolerance: 5e-6,
  cases: shapes.map(([shape, own, bench = false]) => ({ ...one(shape, form, own), bench })),
});

const withBoth = tableOf({ gamma: true, beta: true }, [
  [[5], { axes: 1 }],
  [[7, 3], { axes: 1 }],
  [[300, 16], { axes: 1 }],
  [[2, 300, 33], { axes: 1 }],
  [[3, 5, 7, 4], { axes: 2 }],
  [[2, 4099], { axes: 1 }],
  [[2, 4, 5, 6], { groups: 1 }],
  [[3, 6], { groups: 2 }],
  [[3, 5, 7, 6], { groups: 3 }],
  // Longer than a chunk of a sum, and than all the chunks that the teams of a block take at once.
  [[2, 13, 67, 10], { groups: 2 }],
  [[1, 65_601, 2], { groups: 2 }],
  [[32, 196, 768], { axes: 1 }, true],
  [[32, 56, 56, 64], { groups: 32 }, true],
]);
const withGamma = tableOf({ gamma: true, beta: false }, [
  [[3, 5, 7, 4], { axes: 3 }],
  [[2, 17, 19, 32], { groups: 32 }],
]);
const withBeta = tableOf({ gamma: false, beta: true }, [
  [[3, 5, 7, 4], { axes: 1 }],
  [[2, 3, 5, 66], { groups: 2 }],
]);
const alone = tableOf({ gamma: false, beta: false }, [
  [[4, 19], { axes: 2 }],
  [[5, 7, 48], { groups: 3 }],
]);

export const tables = [withBoth, withGamma, withBeta, alone];
const forms = [withBoth, withGamma, withBeta, alone].map(({ cases }) => cases[0]!.settings);

export const probes = normalizeProbes;

/** Any axes from the first on, any groups; one value in a row too, whose variance is 0. */
export function draw(draw: Drawer, table: OperationTable<unknown>) {
  const shape = until(
    () => {
      const between = Array.from({ length: draw.int(0, 2) }, () => draw.int(1, draw.once(6) ? 24 : 6));
      return [draw.int(1, 7), ...between, draw.channels()];
    },
    (all) => sizeOf(all) <= 9000,
  );
  const divisors = Array.from({ length: shape.at(-1)! }, (_, i) => i + 1).filter((n) => shape.at(-1)! % n === 0);
  const own = draw.once(2) ? { groups: draw.pick(divisors) } : { axes: draw.int(1, shape.length) };
  const { epsilon, gamma, beta } = forms[(tables as unknown[]).indexOf(table)]!;
  const settings = { epsilon, gamma, beta, ...own };
  return named<unknown>(inputsOf(shape, settings), settings);
}

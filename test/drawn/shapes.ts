// Drawn shapes that case files share: axes, tails of vectors, chunks of sums, and the settings of a table's own cases.

import type { CaseInput, OperationCase, OperationTable } from '../cases/case.js';
import { type Drawer, sizeOf, until } from './drawer.js';

const nameOf = (inputs: readonly CaseInput[], settings: unknown) =>
  `${inputs.map(({ shape, draw }) => `[${shape}]${draw ? ` ${draw}` : ''}`).join(' and ')} ${JSON.stringify(settings)}`;

export const named = <T>(inputs: readonly CaseInput[], settings: T): OperationCase<T> => ({
  name: nameOf(inputs, settings),
  inputs,
  settings,
});

/** Any shape: a few axes, or one axis around a vector, a chunk of a sum or a task's grain. */
export function drawShape(draw: Drawer): number[] {
  if (draw.once(12)) return [draw.pick([4096, 16_384]) + draw.int(-17, 17)];
  return until(
    () => Array.from({ length: draw.int(1, 5) }, () => draw.int(1, draw.pick([3, 7, 20, 70]))),
    (shape) => sizeOf(shape) <= 3000,
  );
}

/** Shapes with rows along the last axis, at least two axes. */
export function drawRows(draw: Drawer, least: number, most: number): number[] {
  const classes = draw.once(15) ? draw.pick([4095, 4096, 4097, 4113]) : draw.int(least, most);
  const before = until(
    () => Array.from({ length: draw.int(1, 3) }, () => draw.int(1, 9)),
    (shape) => sizeOf(shape) * classes <= 9000,
  );
  return [...before, classes];
}

/** The settings and draws of one of a table's own cases, on inputs that all have this shape. */
export function onShape(draw: Drawer, table: OperationTable<unknown>, shape: number[]) {
  const { inputs, settings } = draw.pick(table.cases.filter(({ bench }) => !bench));
  return named(
    inputs.map((input) => ({ ...input, shape })),
    settings,
  );
}

/** Pictures, some as wide as a block of sixteen and more. */
export const drawPicture = (draw: Drawer, n: number) =>
  [n, draw.int(1, 12), draw.once(3) ? draw.int(16, 40) : draw.int(1, 12), draw.pick([1, 2, 3, 3, 5, 16])] as const;

/** How targets of data become the targets of a network, and whether its outputs fit them. */
import type { Targets } from '../data/index.js';
import { ShapeError, show } from '../errors/index.js';
import { type Shape, sameShape } from '../tensor/index.js';

/** Whether targets are numbers of classes, which become 0 and 1 or rows with a single 1. */
export const areLabels = ({ kind }: Targets): boolean => kind === 'class' || kind === 'mask';

/**
 * Throws ShapeError, in the words of `who`, unless a network's outputs fit the targets: of a class or a mask of classes
 * `[...shape, classes]`, for two classes also `[...shape, 1]`; of other targets just their shape.
 */
export function checkOutputs(who: string, { kind, shape, classes }: Targets, output: Shape): void {
  const got = show([...output]);
  if (kind === 'several' || kind === 'value') {
    if (sameShape(shape, output)) return;
    throw new ShapeError({ who, expected: `a model with outputs ${show([...shape])}, the shape of the targets`, got });
  }
  const width = output.at(-1) ?? 0;
  if (sameShape(shape, output.slice(0, -1)) && output.length > 0 && classes <= Math.max(width, 2)) return;
  const places = kind === 'mask' ? ` at ${shape.join(' x ')} places` : '';
  throw new ShapeError({ who, expected: `a model with outputs for ${classes} classes${places}`, got });
}

/** The targets of a batch in the shape in which a loss takes them, one after the other. */
export function targetRows(targets: Targets, y: ArrayLike<number>, shape: Shape): Float32Array {
  const width = shape.at(-1) ?? 1;
  const areNumbers = sameShape(shape, targets.shape);
  if (!areLabels(targets) || areNumbers || width === 1) return Float32Array.from(y);
  const rows = new Float32Array(y.length * width);
  for (let i = 0; i < y.length; i++) rows[i * width + y[i]!] = 1;
  return rows;
}

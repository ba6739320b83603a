/** Targets a cross-entropy can learn from. Keras takes any number and trains on it; here what fits no class is refused. */
import { DataError } from '../errors/index.js';
import { type Shape, sizeOf } from '../tensor/index.js';

/** How far a row of class shares may be from 1: what rounding of float32 shares leaves, and not half a percent. */
const tolerance = 1e-3;

function refuse(who: string, expected: string, got: string, hint: string): never {
  throw new DataError({ who, expected, got, hint });
}

/** Throws DataError unless every target is from 0 to 1; numbers between are shares, as Keras takes them. */
export function checkShares(who: string, loss: string, targets: ArrayLike<number>, shape: Shape, hint: string): void {
  const size = sizeOf(shape);
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!;
    if (target >= 0 && target <= 1) continue;
    refuse(who, `targets of ${loss} from 0 to 1`, `${target} in sample ${Math.floor(i / size)}`, hint);
  }
}

/** Throws DataError unless the targets along the last axis are from 0 to 1 and sum to 1, give or take 0.001. */
export function checkRows(who: string, loss: string, targets: ArrayLike<number>, shape: Shape): void {
  const hint = 'give each class its share, for one class a 1 and zeros';
  checkShares(who, loss, targets, shape, hint);
  const size = sizeOf(shape);
  const classes = shape.at(-1)!;
  for (let first = 0; first < targets.length; first += classes) {
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += targets[first + k]!;
    if (Math.abs(sum - 1) <= tolerance) continue;
    const expected = `targets of ${loss} that sum to 1 over the ${classes} classes`;
    refuse(who, expected, `${sum} in sample ${Math.floor(first / size)}`, hint);
  }
}

/** custom: a differentiable operation of the user's own, made of other operations. */
import { record, unrecorded } from '../autograd/index.js';
import { ArgumentError, checkOptions, ShapeError, show } from '../errors/index.js';
import { sameShape, scope, Tensor } from '../tensor/index.js';

/** What an operation of one's own is. */
export interface CustomOptions {
  /** Named in errors. Default 'custom'. */
  name?: string;
  /** From the inputs to a new tensor, by any operations. What they compute on the way is freed. */
  forward: (...inputs: Tensor[]) => Tensor;
  /**
   * From dy, the gradient of the output, to the gradients of the inputs in their order, each of its input's shape; null for none.
   * It may read the inputs and the output.
   */
  backward: (dy: Tensor, inputs: readonly Tensor[], output: Tensor) => readonly (Tensor | null)[];
}

/**
 * An operation with a gradient of its own, for instance one that a limit would make flat or a sum would make inexact. It is
 * deterministic where the operations in it are. Throws ArgumentError for bad options; the operation throws ArgumentError where
 * `forward` gives no new tensor, and ShapeError in the walk backwards where a gradient has not its input's shape.
 * Example: `custom({ forward: (x) => add(x, x), backward: (dy) => [add(dy, dy)] })(x)`.
 */
export function custom(options: CustomOptions): (...inputs: Tensor[]) => Tensor {
  checkOptions('custom', options, ['name', 'forward', 'backward']);
  const { name = 'custom', forward, backward } = options;
  for (const [member, value] of Object.entries({ forward, backward })) {
    if (typeof value === 'function') continue;
    throw new ArgumentError({ who: 'custom', expected: `${member} to be a function`, got: show(value) });
  }
  return (...inputs) => {
    const output = scope(() => unrecorded(() => forward(...inputs)));
    if (!(output instanceof Tensor) || inputs.includes(output)) {
      const got = output instanceof Tensor ? 'one of its inputs' : show(output);
      throw new ArgumentError({ who: name, expected: 'forward to give a new tensor', got });
    }
    return record({
      name,
      inputs,
      output,
      backward: (dy) => {
        const gradients = scope(() => backward(dy, inputs, output));
        checkGradients(name, inputs, gradients);
        return gradients;
      },
    });
  };
}

/** Throws ArgumentError or ShapeError, in the words of `who`, unless there is a gradient of its shape, or null, for each input. */
function checkGradients(who: string, inputs: readonly Tensor[], gradients: readonly (Tensor | null)[]): void {
  if (!Array.isArray(gradients) || gradients.length !== inputs.length) {
    const got = Array.isArray(gradients) ? `${gradients.length}` : show(gradients);
    throw new ArgumentError({ who, expected: `backward to give a list of ${inputs.length} gradients`, got });
  }
  for (const [i, gradient] of gradients.entries()) {
    if (gradient === null) continue;
    const { shape } = inputs[i]!;
    if (!(gradient instanceof Tensor)) {
      throw new ArgumentError({ who, expected: `gradient ${i} to be a tensor or null`, got: show(gradient) });
    }
    if (sameShape(gradient.shape, shape)) continue;
    throw new ShapeError({ who, expected: `gradient ${i} ${show([...shape])}`, got: show([...gradient.shape]) });
  }
}

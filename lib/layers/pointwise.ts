/** What the layers share that change every value by itself, or keep the shape for another reason. */
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, single } from './layer.js';

/** A layer whose output has the shape of its one input. */
export abstract class Pointwise extends Layer {
  /** The output for one tensor. */
  protected abstract of(x: Tensor): Tensor;

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return this.of(single(this, inputs));
  }
}

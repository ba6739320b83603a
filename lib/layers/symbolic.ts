/** The output of a layer before there are numbers: a shape and where it came from. Models are made of these. */
import type { Shape } from '../tensor/index.js';
import type { Layer } from './layer.js';

let made = 0;

/** A place in a network. `shape` leaves out the batch axis. */
export class Symbolic {
  /** Counts up, so that every place comes after those it depends on. */
  readonly id: number = made++;

  constructor(
    readonly shape: Shape,
    readonly layer: Layer,
    readonly inputs: readonly Symbolic[],
  ) {}
}

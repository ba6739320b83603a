/** A whole model as a file holds it, before it is made. */
import type { ClassConfig } from '../classes/index.js';
import type { FileArray } from '../formats/index.js';
import type { Network } from '../models/index.js';
import type { Assigning, WeightsReport } from './assign.js';

export interface StoredModel {
  config: ClassConfig;
  /** How it learns, in Keras's words; undefined or empty where it was not compiled. */
  learning: unknown;
  /** What the optimizer remembers, in Keras 3's order; empty where the file does not say. */
  optimizer: readonly FileArray[];
  /** Whether these arrays are in the order and have the names of Keras 2. */
  isKeras2?: boolean;
  /** Puts the weights into the network that was made of the config. */
  take(network: Network, options: Assigning): WeightsReport;
}

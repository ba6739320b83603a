/** The random maps both networks of the paper begin with (Listing 3). */
import { randomFlip, randomRotation, randomZoom } from '../layers/index.js';
import { type Model, sequential } from '../models/index.js';

/** Flip, rotation and zoom of pictures in training; nothing otherwise. */
export function dataAugmentation(): Model {
  return sequential(
    [
      randomFlip({ mode: 'horizontal', seed: 1 }),
      randomRotation({ factor: 0.1, seed: 1 }),
      randomZoom({ heightFactor: 0.2, seed: 1 }),
    ],
    { name: 'data_augmentation' },
  );
}

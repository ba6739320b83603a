/** What a random sequence is for. The numbers are part of the numeric contract: changing one changes every run. */
export const streams = {
  initializer: 0,
  shuffle: 1,
  dropout: 2,
  augmentation: 3,
  synthetic: 4,
  resampling: 5,
  arrival: 6,
  split: 7,
  augment: 8,
  cracks: 9,
} as const;

/** The name of a purpose. */
export type StreamName = keyof typeof streams;

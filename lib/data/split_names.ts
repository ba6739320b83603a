/** What the splits of a dataset are called. */

/** The samples to train on, those to judge by meanwhile, and those that a training never sees. */
export const splitNames = ['train', 'validation', 'test'] as const;
/** The name of a split; see splitNames. */
export type SplitName = (typeof splitNames)[number];

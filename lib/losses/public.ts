/** Losses as users see them: `losses.binaryCrossentropy()`. */
export type { Loss, LossOption, OutputForm } from './loss.js';
export * from './members.js';

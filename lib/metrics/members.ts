/** The metrics; a line here makes one known to words and configs. */
export {
  type BinaryAccuracyOptions,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
} from './accuracy.js';
export { type AucOptions, auc } from './auc.js';
export { type ConfusionMatrixOptions, confusionMatrix } from './confusion_matrix.js';
export { type F1ScoreOptions, type FBetaScoreOptions, f1Score, fBetaScore } from './f_beta.js';
export { meanAbsoluteError, meanSquaredError, rootMeanSquaredError } from './mean_errors.js';
export { dice, meanIoU, type OverlapOptions } from './overlap.js';
export { type PrecisionOptions, precision, recall } from './precision_recall.js';
export { sparseTopKCategoricalAccuracy, type TopKOptions, topKCategoricalAccuracy } from './top_k_accuracy.js';

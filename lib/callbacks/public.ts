/** Callbacks as users see them: `callbacks.earlyStopping({ patience: 3 })`. */
export type { Callback } from './callback.js';
export { type CsvLoggerOptions, csvLogger } from './csv_logger.js';
export * from './deciding.js';
export { type ModelCheckpointOptions, modelCheckpoint } from './model_checkpoint.js';
export type { MonitorOptions } from './monitor.js';

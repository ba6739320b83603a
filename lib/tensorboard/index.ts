/** TensorBoard event files: their records, and files that grow while a training runs. */
export { checkTensorboard, type LiveEvents, liveEvents, tagOf } from './live.js';
export { type Scalar, scalarRecord, versionRecord } from './records.js';

/** Tasks: models and data by name, module, folder or object, opened together. */
export { type FitDataParts, openFitData } from './fit_data.js';
export { expectData, expectModule } from './modules.js';
export {
  arePictures,
  type DataHooks,
  type DataSettings,
  type DataSource,
  dataSettingsOf,
  defaultImageSize,
  type OpenedData,
  openData,
  type ReadHooks,
  readHooksOf,
} from './open_data.js';
export { type ModelSource, type OpenedModel, openModel } from './open_model.js';
export {
  checkModel,
  openTask,
  type Task,
  type TaskHooks,
  type TaskSettings,
  taskSettingNames,
  taskSettingsOf,
} from './task.js';

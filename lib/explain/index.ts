/** Explanations: Grad-CAM, what covering a region does, and how stable explanations are between runs. */
export type {
  Classification,
  ClassifiedClass,
  ClassifiedOn,
  ClassifiedPicture,
  TargetDifference,
} from './classification.js';
export type { ClassifiedHeat, HeatOverlay } from './classified_heat.js';
export { type ClassifyOptions, type ClassifyTarget, classifyPictures } from './classify_pictures.js';
export { explainPairs, type PairsHooks, type PairsOptions } from './explain_pairs.js';
export { explainRuns, type Overlays } from './explain_runs.js';
export type {
  Explanations,
  HalfResult,
  OcclusionResult,
  PairStability,
  Prediction,
  RunExplanation,
} from './explanations.js';
export { type GradCam, type GradCamOptions, gradCam, type Score, scores } from './grad_cam.js';
export { type HeatMap, resizeHeat } from './heat_map.js';
export { checkRegion, meanColour, occlude, type RankChange, type Region, rankChanges, ranking } from './occlusion.js';
export { colourHeat, jet, overlay } from './overlay.js';
export type {
  PairAgreement,
  PairFinding,
  PairPicture,
  PairSummary,
  PairsResult,
  PairsRun,
} from './pairs.js';
export { mapLayers } from './places.js';
export { canBeExplained, type ExplainOptions } from './plan.js';
export { sampleSight } from './sight.js';
export { structuralSimilarity } from './ssim.js';
export { type Centre, centreOfMass, type Halves, heatByHalf, type Stability, stability } from './stability.js';

/** Attribution: each source of difference alone beside a deterministic training, how far it leads, ranked. */
export { type AttributeHooks, attribute } from './attribute.js';
export { type AttributeOptions, arrivals } from './options.js';
export type { AttributedRun, AttributedSource, Attribution, Place, SourceKind } from './result.js';

/** What tests change about a runtime; no result depends on it. */
export interface NativeConditions {
  /** Memory is handed out full of NaNs. */
  poisoned?: boolean;
  /** Values from which on a result is stored past the caches. */
  pastCache?: number;
}

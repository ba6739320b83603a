// The modules of scripts/gpu_check, which are plain JavaScript: they run before anything is known to be there.

/** A step's row in the result. */
export interface Row {
  name: string;
  title: string;
  required: boolean;
  result: 'passed' | 'failed' | 'not run';
  reason?: string;
  missing?: true;
  figures?: unknown;
  seconds: number;
  secondsAllowed: number;
}

/** What a step answers. */
export interface Answer {
  passed?: boolean;
  notRun?: string;
  reason?: string;
  // Figures are as many as there are steps.
  // biome-ignore lint/suspicious/noExplicitAny: JSON
  figures?: any;
}

/** A module by its name. */
// biome-ignore lint/suspicious/noExplicitAny: JavaScript without types
export const load = (name: string): Promise<any> =>
  import(new URL(`../../scripts/gpu_check/${name}.mjs`, import.meta.url).href);

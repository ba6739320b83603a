/** The results of `study`, `prune` and `report`. */
import type { WrittenReport, WrittenStudyReport } from '../../reports/index.js';
import type { Pruned, SubmittedArray, TrialState } from '../../studies/index.js';
import { type Schema, words, type Zod } from './words.js';

/** What `study run` tells of its trials, by their folders. */
export interface RanTrials {
  total: number;
  /** Finished now, and finished before. */
  ran: number;
  kept: number;
  /** Trials that other processes hold. */
  held: { trial: string; holder: string }[];
  failed: { trial: string; error: string }[];
}

/** What `study run` prints. */
export const studyRun = (z: Zod): Schema<RanTrials> => {
  const { text, count } = words(z);
  const held = z.array(z.object({ trial: text, holder: text }));
  return z.object({
    total: count,
    ran: count,
    kept: count,
    held,
    failed: z.array(z.object({ trial: text, error: text })),
  });
};

/** What `study run --executor slurm` tells: the arrays of tasks, and with `--wait` the trials that are not done. */
export interface SubmittedStudy {
  arrays: SubmittedArray[];
  left?: string[];
}

/** What `study run --executor slurm` prints. */
export const studySubmit = (z: Zod): Schema<SubmittedStudy> => {
  const { text } = words(z);
  const array = z.object({ job: text, trials: z.array(text) });
  return z.object({ arrays: z.array(array), left: z.array(text).exactOptional() });
};

/** How far a study is. */
export interface StudyStatus extends Record<TrialState['state'], number> {
  name: string;
  total: number;
  trials: { trial: string; state: TrialState['state'] }[];
}

/** What `study status` prints. */
export const studyStatus = (z: Zod): Schema<StudyStatus> => {
  const { text, count } = words(z);
  const state = z.enum(['done', 'running', 'begun', 'open']);
  return z.object({
    ...{ name: text, total: count, done: count, running: count, begun: count, open: count },
    trials: z.array(z.object({ trial: text, state })),
  });
};

/** What `study report` prints. */
export const studyReport = (z: Zod): Schema<WrittenStudyReport> => {
  const { text, count } = words(z);
  return z.object({ page: text, trials: count, total: count });
};

/** What `report` prints. */
export const report = (z: Zod): Schema<WrittenReport> => {
  const list = z.array(z.string());
  const differing = z.array(z.object({ name: z.string(), values: list }));
  return z.object({ page: z.string(), runs: list, differing, verdicts: list });
};

/** What `prune` prints. */
export const prune = (z: Zod): Schema<Pruned> => {
  const { text, count, flag } = words(z);
  return z.object({
    ...{ runs: count, waiting: z.array(z.tuple([text, text])) },
    removed: z.array(z.object({ path: text, bytes: count, inReceipt: flag })),
    linked: z.array(z.tuple([text, text, count])),
    ...{ before: count, after: count },
  });
};

/** What explaining a list of pictures of two things finds, as plain data: the command prints it, tables are made of it. */
import type { RunExplanation } from './explanations.js';

/** A run that explains. */
export type PairsRun = Pick<RunExplanation, 'run' | 'model' | 'target' | 'seed' | 'weightsHash' | 'layer' | 'score'>;

/** The heat of one run for one of the two classes of a picture. */
export interface PairFinding {
  /** Counts from 1. */
  run: number;
  class: string;
  /** The half that shows the class. */
  side: 'left' | 'right';
  probability: number;
  /** Share of the heat on that half, 0 to 1; null without heat. */
  ownShare: number | null;
  /** Whether that half has more of the heat than the other; null without heat or with as much on both. */
  onOwnHalf: boolean | null;
  heatHash: string;
}

/** One picture of the list, by every run for both of its classes. */
export interface PairPicture {
  row: number;
  file: string;
  left: string;
  right: string;
  findings: PairFinding[];
}

/** How often the heat of a run lies on the right half: for a class, or for `all classes`. */
export interface PairSummary {
  run: number;
  class: string;
  /** Explanations: pictures that show the class. */
  explanations: number;
  right: number;
  wrong: number;
  /** Without heat, or with as much on both halves. */
  undecided: number;
  /** `right` over `explanations`. */
  shareRight: number;
  /** Mean share of the heat on the half of the class, over the explanations with heat; null where none has. */
  meanOwnShare: number | null;
}

/** Two runs beside each other, over all explanations; means are over those with a value, null where there is none. */
export interface PairAgreement {
  runs: [number, number];
  explanations: number;
  /** Explanations with the same bits of heat. */
  sameBits: number;
  /** Explanations of which both runs say the same: right, wrong or undecided. */
  sameVerdict: number;
  pearson: number | null;
  ssim: number | null;
  hottestOverlap: number | null;
  centreShift: number | null;
}

/** All that was found. */
export interface PairsResult {
  list: string;
  classes: readonly string[];
  runs: PairsRun[];
  pictures: PairPicture[];
  summary: PairSummary[];
  agreement: PairAgreement[];
}

const meanOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};

function summaryOf(run: number, name: string, findings: readonly PairFinding[]): PairSummary {
  const count = (verdict: boolean | null) => findings.filter(({ onOwnHalf }) => onOwnHalf === verdict).length;
  return {
    run,
    class: name,
    explanations: findings.length,
    right: count(true),
    wrong: count(false),
    undecided: count(null),
    shareRight: count(true) / findings.length,
    meanOwnShare: meanOf(findings.map(({ ownShare }) => ownShare)),
  };
}

/** Each run's findings counted: a row for each class that the pictures show, in the order of the classes, then all. */
export function summariesOf(pictures: readonly PairPicture[], runs: number, classes: readonly string[]): PairSummary[] {
  const all = pictures.flatMap(({ findings }) => findings);
  return Array.from({ length: runs }, (_, i) => i + 1).flatMap((run) => {
    const own = all.filter((finding) => finding.run === run);
    const shown = classes.filter((name) => own.some((finding) => finding.class === name));
    const each = shown.map((name) =>
      summaryOf(
        run,
        name,
        own.filter((finding) => finding.class === name),
      ),
    );
    return [...each, summaryOf(run, 'all classes', own)];
  });
}

/** What two runs say of one explanation, and how far their heat is apart. */
export interface Beside {
  runs: [number, number];
  sameBits: boolean;
  sameVerdict: boolean;
  pearson: number | null;
  ssim: number;
  hottestOverlap: number | null;
  centreShift: number | null;
}

/** The explanations of every two runs, added up. */
export function agreementOf(found: readonly Beside[]): PairAgreement[] {
  const pairs = new Map<string, Beside[]>();
  for (const one of found) pairs.set(one.runs.join(), [...(pairs.get(one.runs.join()) ?? []), one]);
  return [...pairs.values()].map((each) => ({
    runs: each[0]!.runs,
    explanations: each.length,
    sameBits: each.filter(({ sameBits }) => sameBits).length,
    sameVerdict: each.filter(({ sameVerdict }) => sameVerdict).length,
    pearson: meanOf(each.map(({ pearson }) => pearson)),
    ssim: meanOf(each.map(({ ssim }) => ssim)),
    hottestOverlap: meanOf(each.map(({ hottestOverlap }) => hottestOverlap)),
    centreShift: meanOf(each.map(({ centreShift }) => centreShift)),
  }));
}

/** The options of a layer that punish and hold one of its weights: kernelRegularizer, kernelConstraint. */
import { type Constraint, type ConstraintOption, constraintOption } from './constraints.js';
import { type Regularizer, type RegularizerOption, regularizerOption } from './regularizers.js';

/** A regularizer and a constraint for each of these weights. Default none. */
export type RuleOptions<W extends string> = {
  [K in `${W}Regularizer`]?: RegularizerOption | null;
} & { [K in `${W}Constraint`]?: ConstraintOption | null };

/** What layers take whose output can be punished. */
export interface ActivityOptions {
  /** What the loss gets for the output of a batch, divided by the number of its samples. Default none. */
  activityRegularizer?: RegularizerOption | null;
}

/** That option, checked: null where there is none. Throws ArgumentError for a bad one. */
export const activityOption = (
  who: string,
  { activityRegularizer: given = null }: ActivityOptions,
): { activityRegularizer: Regularizer | null } => ({
  activityRegularizer: given === null ? null : regularizerOption(who, 'activityRegularizer', given),
});

/** What holds one weight. */
export interface Rules {
  regularizer: Regularizer | null;
  constraint: Constraint | null;
}

/** The names of these options. */
export const ruleNames = (...weights: readonly string[]): string[] => [
  ...weights.map((weight) => `${weight}Regularizer`),
  ...weights.map((weight) => `${weight}Constraint`),
];

/** The options, checked: null where there is none. Throws ArgumentError for a bad one. */
export function rulesOption<W extends string>(
  who: string,
  options: RuleOptions<W>,
  ...weights: readonly W[]
): { [K in `${W}Regularizer`]: Regularizer | null } & { [K in `${W}Constraint`]: Constraint | null } {
  const given = options as Readonly<Record<string, unknown>>;
  const checked = weights.flatMap((weight) => {
    const [regularizer, constraint] = [`${weight}Regularizer`, `${weight}Constraint`];
    const [punishes, holds] = [given[regularizer] ?? null, given[constraint] ?? null];
    return [
      [regularizer, punishes === null ? null : regularizerOption(who, regularizer, punishes as RegularizerOption)],
      [constraint, holds === null ? null : constraintOption(who, constraint, holds as ConstraintOption)],
    ];
  });
  return Object.fromEntries(checked);
}

/** The rules of one weight among the settings of its layer. */
export const rulesOf = (settings: object, weight: string): Rules => ({
  regularizer: (settings as Record<string, Regularizer | null>)[`${weight}Regularizer`]!,
  constraint: (settings as Record<string, Constraint | null>)[`${weight}Constraint`]!,
});

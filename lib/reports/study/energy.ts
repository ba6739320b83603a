/** What a study took, as Table 6.1 of Eryilmaz (2023) has it, with how it is known beside each number. */
import { type Amount, type EnergyOptions, wattsTable } from '../../energy/index.js';
import type { AccountedTrial, Accounting, StudyPrice, StudyPrices } from '../../studies/index.js';
import type { Book } from '../book.js';
import { scientific } from '../format.js';
import { facts, html, type Markup } from '../html/markup.js';
import type { DataTable } from '../tables/table.js';

const hours = (seconds: number) => seconds / 3600;

function nameOf({ factor, label, mode }: StudyPrice): string {
  return mode === undefined ? `${factor} ${label}` : `mode ${mode}`;
}

/** Table 6.1: a row a value of a factor, then the sums. */
export function energyTable({ parts, done, all }: StudyPrices): DataTable {
  const rows: [string, StudyPrice][] = [
    ...parts.map((part): [string, StudyPrice] => [nameOf(part), part]),
    ['experiment runs: all finished trainings', done],
    ['all runs: also what unfinished ones took', all],
  ];
  const ends = (amount: Amount | null) => [amount?.low ?? null, amount?.high ?? null];
  return {
    name: 'energy',
    caption:
      'What the trainings took. Energy from the lowest to the highest that it can have been; both ends are one number where all of it was measured',
    columns: [
      { name: 'of', title: 'trainings' },
      { name: 'trainings', title: 'runs' },
      { name: 'wallHours', title: 'wall time, h', show: scientific },
      { name: 'processorHours', title: 'processor time, h', show: scientific },
      { name: 'kWhLow', title: 'energy from, kWh', show: scientific },
      { name: 'kWhHigh', title: 'to, kWh', show: scientific },
      { name: 'carbonKgLow', title: 'CO2 from, kg', show: scientific },
      { name: 'carbonKgHigh', title: 'to, kg', show: scientific },
      { name: 'basis', title: 'the energy is', words: true },
      { name: 'without', title: 'not in it', words: true },
    ],
    rows: rows.map(([name, price]) => [
      ...[name, price.trainings, hours(price.wallSeconds), hours(price.processorSeconds)],
      ...ends(price.kWh),
      ...ends(price.carbonKg),
      ...[price.basis.join(', ') || 'not known', price.without.join('; ')],
    ]),
  };
}

/** How the numbers came about, in words that can be printed. */
export function energyWords({ done, all }: StudyPrices, { watts, carbonIntensity, pue }: EnergyOptions): Markup {
  const { basis } = all;
  const words = [
    ...(basis.includes('measured')
      ? [
          'Measured energy is that of the processor packages and their memory, as their counters told it; a training has the share of its processor seconds among those of all processes. A device\u2019s energy is its mean power over the time of the training.',
        ]
      : []),
    ...(basis.includes('modelled')
      ? [
          'Modelled energy is processor seconds times the watts of a busy hardware thread, from the low to the high end of the table below: what memory, disks, fans and power supplies took is not in it.',
        ]
      : []),
    ...(basis.includes('declared')
      ? ['Declared energy is processor seconds times the watts that were given for this report.']
      : []),
    carbonIntensity === undefined
      ? 'No carbon intensity of the grid was declared, so there is no CO2.'
      : 'CO2 is energy times the declared carbon intensity of the grid.',
  ];
  const declared = [
    ...(watts === undefined ? [] : [['watts of a busy processor', [watts].flat().join(' to ')] as const]),
    ...(carbonIntensity === undefined ? [] : [['carbon intensity, kg a kWh', String(carbonIntensity)] as const]),
    ...(pue === undefined ? [] : [['power usage effectiveness', String(pue)] as const]),
    ['wall time of the finished trainings, one after the other', `${scientific(hours(done.wallSeconds))} h`] as const,
  ];
  return html`<p>${words.join(' ')}</p>
${facts(declared)}`;
}

/** The table that modelled energy comes from. */
export const wattsDataTable = (): DataTable => ({
  name: 'watts',
  caption: 'Watts of a busy hardware thread by kind of processor: rated power over threads, to rated power over cores',
  columns: [
    { name: 'kind', title: 'processor' },
    { name: 'low', title: 'from, W' },
    { name: 'high', title: 'to, W' },
    { name: 'from', title: 'of', words: true },
  ],
  rows: wattsTable.map(({ kind, low, high, from }) => [kind, low, high, from]),
});

/** A row a trial, as Slurm's accounting has it. */
const accountingTable = (trials: readonly AccountedTrial[]): DataTable => ({
  name: 'slurm-accounting',
  caption:
    'What the accounting of the Slurm cluster says of each trial. Times and energy are those of all its tasks, the memory is the largest; a dash is what the cluster does not count',
  columns: [
    { name: 'trial', title: 'trial' },
    { name: 'begun', title: 'times begun' },
    { name: 'state', title: 'ended as' },
    { name: 'nodes', title: 'nodes', words: true },
    { name: 'elapsedSeconds', title: 'wall time, s' },
    { name: 'cpuSeconds', title: 'processor time, s' },
    { name: 'maxMemoryMiB', title: 'memory, MiB' },
    { name: 'joules', title: 'energy, J' },
  ],
  rows: trials.map(({ trial, begun, state, nodes, elapsedSeconds, cpuSeconds, maxMemoryMiB, joules }) => [
    ...[trial, begun, state, nodes.join(', '), elapsedSeconds],
    ...[cpuSeconds, maxMemoryMiB, joules],
  ]),
});

/** What the cluster's accounting says; nothing of a study that was never submitted. */
export function accountingMarkup(book: Book, accounting: Accounting | undefined): Markup | string {
  if (accounting === undefined) return '';
  return html`<h2>Accounting of the cluster</h2>
${'missing' in accounting ? html`<p>There is none: ${accounting.missing}</p>` : book.table(accountingTable(accounting.trials))}`;
}

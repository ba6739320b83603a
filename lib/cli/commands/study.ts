/** `samebits study`: a plan of many trainings, run by any number of workers in one folder. */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { ArgumentError, show } from '../../errors/index.js';
import { argumentsOf } from '../../settings/index.js';
import type { Shard, StudyTrial, TrialState } from '../../studies/index.js';
import { printJson } from '../json.js';
import { integerOption, numberValue, wattsOption, wordOption } from '../values.js';
import { planOf, plural, runStudyCommand } from './study_run.js';

const load = () => import('../../studies/index.js');

const several = (text: string, before: string[] = []) => [...before, text];

/** `3/12`: the third of twelve shards. */
function shardOption(text: string): Shard {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && of !== undefined && index >= 1 && index <= of) return { index, of };
  throw new ArgumentError({
    who: '--shard',
    expected: 'index/of with index from 1 to of, for example 3/12',
    got: show(text),
  });
}

const stateText = (found: TrialState, { options }: StudyTrial): string => {
  switch (found.state) {
    case 'done':
      return 'done';
    case 'open':
      return 'open';
    case 'begun':
      return `stopped after epoch ${found.epochs} of ${options.epochs}`;
    case 'running':
      return `in epoch ${Math.min(found.epochs + 1, options.epochs)} of ${options.epochs}, ${found.holder}`;
  }
};

async function status(folder: string, { json }: { json?: true }): Promise<void> {
  const { planIn, stateOf, studyTrials } = await load();
  const plan = planIn(folder);
  const found = studyTrials(plan).map((trial) => ({ trial, found: stateOf(folder, trial) }));
  const count = (state: TrialState['state']) => found.filter((one) => one.found.state === state).length;
  const counts = { done: count('done'), running: count('running'), begun: count('begun'), open: count('open') };
  if (json) {
    const trials = found.map(({ trial, found: { state } }) => ({ trial: trial.folder, state }));
    printJson('study-status', { name: plan.name, total: found.length, ...counts, trials });
    return;
  }
  const lines = found
    .filter((one) => ['running', 'begun'].includes(one.found.state))
    .map((one) => `${one.trial.folder}  ${stateText(one.found, one.trial)}`);
  const { done, running, begun, open } = counts;
  const text = `${plan.name}: ${done} of ${found.length} trials done, ${running} running, ${begun} stopped, ${open} open`;
  process.stdout.write(`${[text, ...lines].join('\n')}\n`);
}

/** A word as a shell reads it back. */
const quoted = (word: string) => (/^[\w./:=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

async function list(path: string, options: { commands?: true; out?: string; shard?: Shard }): Promise<void> {
  const { shardOf, stateOf, studyTrials } = await load();
  const { plan, folder } = await planOf(path);
  const trials = options.shard === undefined ? studyTrials(plan) : shardOf(studyTrials(plan), options.shard);
  const place = options.out ?? folder;
  if (options.commands && place === undefined)
    throw new ArgumentError({
      who: '--out',
      expected: 'a folder beside --commands and the file of a plan',
      got: 'none',
    });
  const lines = trials.map((trial) => {
    if (!options.commands)
      return folder === undefined ? trial.folder : `${trial.folder}  ${stateText(stateOf(folder, trial), trial)}`;
    const words = ['samebits', 'train', ...argumentsOf({ ...trial.options, out: join(place!, trial.folder) })];
    return words.map(quoted).join(' ');
  });
  process.stdout.write(`${lines.join('\n')}\n`);
}

const shard = () =>
  new Option('--shard <index/of>', 'every of-th trial alone, from the index-th on, for example 3/12').argParser(
    shardOption,
  );

interface ReportFlags {
  out?: string;
  json?: true;
  watts?: [number, number];
  carbonIntensity?: number;
  pue?: number;
}

async function report(study: string, { json, ...given }: ReportFlags): Promise<void> {
  const { writeStudyReport } = await import('../../reports/index.js');
  const written = await writeStudyReport({ study, ...given });
  if (json) printJson('study-report', written);
  else process.stdout.write(`${written.trials} of ${plural(written.total, 'trial')}\nreport: ${written.page}\n`);
}

/** The command `study`. */
export function studyCommand(): Command {
  const study = new Command('study')
    .description('run and follow a plan of many trainings')
    .helpCommand(false)
    .argument('[what]')
    .action((what?: string) => {
      throw new ArgumentError({
        who: 'study',
        expected: 'run, status, list or report',
        got: what === undefined ? 'none' : show(what),
      });
    });
  study
    .command('run')
    .description('run the trials of a plan that are not done')
    .argument('<plan>', 'a file with the plan: .json, or a module whose default export it is; or the folder of a study')
    .option('-o, --out <dir>', 'folder of the study, gone on with if it is there (required)')
    .option(
      '-j, --jobs <n>',
      'trials at once, which share the threads of the machine (default: 1; of Slurm what it gives)',
      integerOption('--jobs', 1, 1024),
    )
    .addOption(shard())
    .option('--only <trial>', 'this trial alone, as study list names it; may be given several times', several)
    .option(
      '--cores <n>',
      'threads that the trials share (default: those of the machine)',
      integerOption('--cores', 1, 1024),
    )
    .option('--prune', 'remove of each trial, as soon as it is done, what the report does not need')
    .option(
      '--executor <name>',
      'local, or slurm: a task of a job array for each trial',
      wordOption('--executor', ['local', 'slurm']),
      'local',
    )
    .option('--partition <name>', 'partition of Slurm')
    .option(
      '--time <limit>',
      'time limit of a task, as 2:00:00; a longer trial goes on from its checkpoint in the next one',
    )
    .option('--account <name>', 'account of Slurm')
    .option(
      '--cpus <n>',
      'processors of a task, the threads of its trial (default: 2)',
      integerOption('--cpus', 1, 1024),
    )
    .option(
      '--sbatch <flag>',
      'a further argument of sbatch, as --sbatch=--gres=gpu:1; may be given several times',
      several,
    )
    .option('--wait', 'wait until the files of all trials are there')
    .option('--json', 'print one JSON object on stdout')
    .action(runStudyCommand);
  study
    .command('status')
    .description('how far a study is')
    .argument('<dir>', 'folder of the study')
    .option('--json', 'print one JSON object on stdout')
    .action(status);
  study
    .command('list')
    .description('a line a trial')
    .argument('<plan>', 'a file with the plan, or the folder of a study')
    .option('--commands', 'as commands, for GNU parallel, a cluster or a loop')
    .option('-o, --out <dir>', 'folder of the study in those commands')
    .addOption(shard())
    .action(list);
  study
    .command('report')
    .description('make the HTML report of a study: tables, figures and tests of its finished trials')
    .argument('<dir>', 'folder of the study')
    .option('-o, --out <dir>', 'new or empty folder for the report (default: report in that folder)')
    .option(
      '--watts <low:high>',
      'watts of a busy processor where nothing was measured, one number or two (default: a table by kind of processor)',
      wattsOption('--watts'),
    )
    .option('--carbon-intensity <kg>', 'kg of CO2 a kWh of the grid, as 0.385', numberValue('--carbon-intensity', 0))
    .option(
      '--pue <factor>',
      'power of the data centre over that of its machines (default: 1)',
      numberValue('--pue', 1),
    )
    .option('--json', 'print one JSON object on stdout')
    .action(report);
  return study;
}

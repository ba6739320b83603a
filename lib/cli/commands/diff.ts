/** `samebits diff`: the first place at which two results part, and the replay that says how it came about. */
import { Command } from 'commander';
import type { Replay, ReplayedDiff, SideOrder } from '../../audit/index.js';
import { openProgress } from '../../progress/index.js';
import { elementLines } from '../difference.js';
import { exitCodes } from '../exit_codes.js';
import { printJson } from '../json.js';
import { settingOption } from '../options.js';

interface Options {
  json?: true;
  html?: string;
  replay: boolean;
  model?: string;
  data?: string;
  validation?: string;
}

type Words = typeof import('../../reports/index.js');

/** Cells under their columns, two spaces apart. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function sideLines(name: string, side: SideOrder, parting: number | undefined, words: Words): string[] {
  const { arrivalColumns, orderCells } = words;
  const lines = [`${name}: ${side.words}`];
  return side.arrivals.length === 0 ? lines : [...lines, ...aligned([arrivalColumns, ...orderCells(side, parting)])];
}

/** What the replay found. */
function replayLines(replay: Replay, words: Words): string[] {
  const { element, sides, remarks } = replay;
  const join = words.joinWords(replay);
  return [
    words.replayHeadline(replay),
    ...(element === null ? [] : elementLines(element, ['A', 'B'])),
    ...(join === undefined ? [] : [join]),
    ...(sides ?? []).flatMap((side, i) => sideLines('AB'[i]!, side, replay.join?.arrival, words)),
    ...remarks,
  ];
}

/** What was found, for people. */
function told(found: ReplayedDiff, words: Words): string {
  const { difference, root, replay, noReplay } = found;
  return [
    words.headlineOf(found),
    `A  ${found.a}`,
    `B  ${found.b}`,
    ...(root === null ? [] : [`root  ${root}`]),
    ...(difference === null ? [] : placeLines(difference)),
    ...words.remarksOf(found),
    ...(replay === null ? [] : replayLines(replay, words)),
    ...(noReplay === null ? [] : [`no replay: ${noReplay}`]),
  ].join('\n');
}

/** The tensors and the element that differ. */
function placeLines({ tensors, element, saved }: NonNullable<ReplayedDiff['difference']>): string[] {
  const savedAt = saved && `in the weights saved after epoch ${saved.epoch}:`;
  return [
    ...(tensors.all > 0 ? [`${tensors.differing} of ${tensors.all} tensors differ there`] : []),
    ...(element === null ? [] : elementLines(element, ['A', 'B'])),
    ...(saved === null ? [] : [savedAt!, ...elementLines(saved.element, ['A', 'B'])]),
  ];
}

async function diff(a: string, b: string, { json, html, replay, ...options }: Options): Promise<void> {
  const { diffReplayed, diffRuns } = await import('../../audit/index.js');
  const words = await import('../../reports/index.js');
  const progress = openProgress();
  const { onPhase, onPictures, onNote, onData } = progress;
  let found: ReplayedDiff;
  try {
    found = replay
      ? await diffReplayed(a, b, options, { onPhase, onPictures, onNote, onData })
      : { ...diffRuns(a, b), replay: null, noReplay: null };
  } finally {
    progress.stop();
  }
  if (html !== undefined) {
    const { writeWhole } = await import('../../files/index.js');
    writeWhole(html, words.diffPage(found));
  }
  if (json) printJson('diff', found);
  else process.stdout.write(`${told(found, words)}\n`);
  if (!found.equal) process.exitCode = found.difference === null ? exitCodes.endsFirst : exitCodes.differs;
}

/** The command `diff`. */
export function diffCommand(): Command {
  return new Command('diff')
    .description(
      'find the first difference between two results: 0 where there is none, 1 where there is one, 3 where one ends first',
    )
    .argument('<run-a>', 'run folder, receipt, trace, checkpoint or safetensors file')
    .argument('<run-b>', 'another of the kind')
    .option('--no-replay', 'do not compute the runs again from their last common state to name the join that differed')
    .addOption(settingOption('model', { help: 'module of the network, where that is of your own', default: 'none' }))
    .addOption(settingOption('data', { help: 'where the training data lie now', default: 'none' }))
    .addOption(settingOption('validation', { help: 'where the validation pictures lie now', default: 'none' }))
    .option('--json', 'print one JSON object on stdout')
    .option('--html <file>', 'write a page that shows it')
    .action(diff);
}

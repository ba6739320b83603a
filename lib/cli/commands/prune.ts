/** `samebits prune`: run folders that take less room. It says what goes before it goes. */
import { relative } from 'node:path';
import { Command } from 'commander';
import type { Prunable, Pruned } from '../../studies/index.js';
import { bytesText as size } from '../bytes.js';
import { printJson } from '../json.js';
import { wordsOption } from '../values.js';
import { plural } from './study_run.js';

const parts: readonly Prunable[] = ['checkpoint', 'checkpoints', 'weights', 'steps', 'trace'];

/** A line a kind of file: how many go, and how many bytes that are. */
function kindsOf({ removed }: Pruned): string[] {
  const kind = (path: string) =>
    /([\w]+)[\\/](?:epoch|step)-\d+\.safetensors$/.exec(path)?.[1] ?? path.split(/[\\/]/).at(-1)!;
  const names = [...new Set(removed.map(({ path }) => kind(path)))];
  return names.map((name) => {
    const files = removed.filter(({ path }) => kind(path) === name);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const named = files.filter(({ inReceipt }) => inReceipt).length;
    return `  ${name}: ${plural(files.length, 'file')}, ${size(bytes)}; ${named} named by receipts`;
  });
}

function told(found: Pruned, folder: string, { files, did }: { files: boolean; did: boolean }): string {
  const { runs, waiting, removed, linked, before, after } = found;
  const named = removed.filter(({ inReceipt }) => inReceipt).length;
  return [
    `${plural(runs, 'finished run')}, ${size(before)}; ${did ? 'now' : 'then'} ${size(after)}`,
    `${plural(removed.length, 'file')} ${did ? 'went' : 'would go'}:`,
    ...kindsOf(found),
    ...(files ? removed.map(({ path, bytes }) => `    ${relative(folder, path) || path} ${bytes}`) : []),
    `${plural(linked.length, 'file')} ${did ? 'are now' : 'would be'} other names of identical ones`,
    ...(named > 0
      ? [
          `receipts name ${named} of these files: verify will say that they are missing; pruned.json in each run lists them with their hashes`,
        ]
      : []),
    ...waiting.map(([run, why]) => `left as it is: ${run}, ${why}`),
  ].join('\n');
}

interface Flags {
  keep?: Prunable[];
  dryRun?: true;
  json?: true;
}

async function prune(folder: string, { json, ...options }: Flags): Promise<void> {
  const { pruneRuns } = await import('../../studies/index.js');
  const planned = pruneRuns(folder, { ...options, dryRun: true });
  if (options.dryRun) {
    if (json) printJson('prune', planned);
    else process.stdout.write(`${told(planned, folder, { files: true, did: false })}\n`);
    return;
  }
  process.stderr.write(`${told(planned, folder, { files: true, did: false })}\n`);
  const done = pruneRuns(folder, options);
  if (json) printJson('prune', done);
  else process.stdout.write(`${told(done, folder, { files: false, did: true })}\n`);
}

/** The command `prune`. */
export function pruneCommand(): Command {
  return new Command('prune')
    .description('remove what finished trainings do not need any more, and keep identical weights once')
    .argument('<dir>', 'folder of a training, an experiment or a study')
    .option(
      '--keep <parts>',
      `parts that stay: ${parts.join(', ')} (default: by need; weights is those of all epochs)`,
      wordsOption('--keep', parts),
    )
    .option('--dry-run', 'say what would go, and remove nothing')
    .option('--json', 'print one JSON object on stdout')
    .action(prune);
}

/** `samebits diff`: the first place at which two results part. */
import { Command } from 'commander';
import type { Diff } from '../../audit/index.js';
import { elementLines } from '../difference.js';

interface Options {
  json?: true;
  html?: string;
}

type Words = Pick<typeof import('../../reports/index.js'), 'headlineOf' | 'remarksOf'>;

/** What was found, for people. */
function told(found: Diff, { headlineOf, remarksOf }: Words): string {
  const { difference, root } = found;
  const lines = [headlineOf(found), `A  ${found.a}`, `B  ${found.b}`];
  if (root !== null) lines.push(`root  ${root}`);
  if (difference !== null) {
    const { tensors, element, saved } = difference;
    if (tensors.all > 0) lines.push(`${tensors.differing} of ${tensors.all} tensors differ there`);
    if (element !== null) lines.push(...elementLines(element, ['A', 'B']));
    if (saved !== null) {
      lines.push(`in the weights saved after epoch ${saved.epoch}:`, ...elementLines(saved.element, ['A', 'B']));
    }
  }
  return [...lines, ...remarksOf(found)].join('\n');
}

async function diff(a: string, b: string, { json, html }: Options): Promise<void> {
  const { diffRuns } = await import('../../audit/index.js');
  const { diffPage, headlineOf, remarksOf } = await import('../../reports/index.js');
  const found = diffRuns(a, b);
  if (html !== undefined) {
    const { writeWhole } = await import('../../files/index.js');
    writeWhole(html, diffPage(found));
  }
  process.stdout.write(`${json ? JSON.stringify(found) : told(found, { headlineOf, remarksOf })}\n`);
  if (!found.equal) process.exitCode = 1;
}

/** The command `diff`. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('find the first difference between two results: 0 where there is none, 1 where there is one')
    .argument('<run-a>', 'run folder, receipt, trace, checkpoint or safetensors file')
    .argument('<run-b>', 'another of the kind')
    .option('--json', 'print one JSON object on stdout')
    .option('--html <file>', 'write a page that shows it')
    .action(diff);
}

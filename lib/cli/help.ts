/** What help says beside options: the groups of commands, and commands that can be copied. */
import type { Command } from 'commander';

/** Commands by what they are for, in the order of help. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'Train and compare': ['train', 'compare', 'study', 'attribute'],
  'Look at what was trained': ['evaluate', 'classify', 'gradcam', 'count', 'weights', 'report', 'prune'],
  'Prove and find differences': ['verify', 'diff'],
  'This program': ['info', 'schema', 'completion', 'help'],
};

/** Examples of each command, as they stand behind `samebits`. `study run` is `run` of `study`. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  train: [
    'train -m keras_convnet -d synthetic -e 1',
    'train -m keras_convnet -d photos -e 10 -o run-1 --trace steps',
    'train -m ./lenet.mjs -d mnist:digits -o run-2',
    'train --resume run-1 -e 20',
  ],
  compare: ['compare -m keras_convnet,mini_xception -d photos -e 10 --runs 3 --thread-counts 1,2 -o both'],
  verify: ['verify run-1', 'verify run-1/receipt.json -d photos -t 1 --isa scalar'],
  diff: ['diff run-1 run-2', 'diff run-1 run-2 --html difference.html'],
  attribute: ['attribute -m keras_convnet -d photos --steps 20 -o sources'],
  'study run': ['study run plan.json -o studies/first -j 2'],
  'study status': ['study status studies/first'],
  'study list': ['study list plan.json --commands -o studies/first'],
  'study report': ['study report studies/first', 'study report studies/first --carbon-intensity 0.385'],
  evaluate: ['evaluate -r run-1 --split test'],
  classify: ['classify cat.jpg dog.jpg -m run-1', 'classify cat.jpg -m net.keras --targets scalar,2threads --csv'],
  gradcam: ['gradcam -r run-1 --image cat.jpg', 'gradcam -r run-1 -r run-2 --sample validation:0'],
  count: ['count -r run-1 --min-area 20 -o counts'],
  weights: ['weights run-1', "weights run-1 --tensor conv2d/kernel --slice ':,:,0,0'"],
  report: ['report run-1 run-2 -o report'],
  prune: ['prune studies/first --dry-run', 'prune run-1 --keep checkpoint,weights'],
  info: ['info --json'],
  schema: ['schema', 'schema train'],
  completion: ['completion bash'],
};

/** Gives every command its group and its examples. */
export function addHelp(program: Command): void {
  for (const [heading, names] of Object.entries(groups)) {
    for (const command of program.commands) if (names.includes(command.name())) command.helpGroup(`${heading}:`);
  }
  const each = (command: Command, path: string) => {
    const lines = (examples[path] ?? []).map((line) => `  samebits ${line}`);
    if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
    for (const inner of command.commands) each(inner, path === '' ? inner.name() : `${path} ${inner.name()}`);
  };
  each(program, '');
  program.addHelpText('after', "\n'samebits help train' tells the options of a command, with examples.");
}

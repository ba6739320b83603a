/** The command line as a whole: its commands, and errors that are thrown instead of printed. */
import { Command } from 'commander';
import { attributeCommand } from './commands/attribute.js';
import { classifyCommand } from './commands/classify.js';
import { compareCommand } from './commands/compare.js';
import { completionCommand } from './commands/completion.js';
import { countCommand } from './commands/count.js';
import { diffCommand } from './commands/diff.js';
import { evaluateCommand } from './commands/evaluate.js';
import { gradcamCommand } from './commands/gradcam.js';
import { helpCommand } from './commands/help.js';
import { infoCommand } from './commands/info.js';
import { pruneCommand } from './commands/prune.js';
import { reportCommand } from './commands/report.js';
import { schemaCommand } from './commands/schema.js';
import { studyCommand } from './commands/study.js';
import { trainCommand } from './commands/train.js';
import { verifyCommand } from './commands/verify.js';
import { weightsCommand } from './commands/weights.js';
import { addHelp } from './help.js';
import { version } from './version.js';

function quiet(command: Command): Command {
  for (const inner of command.commands) quiet(inner);
  return command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .allowExcessArguments(false);
}

/** The program `samebits` with its commands. */
export function program(): Command {
  const samebits = quiet(new Command('samebits'))
    .description('Trains networks whose results are the same bits every time, and shows what it is worth.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  const commands = [
    ...[trainCommand(), compareCommand(), verifyCommand(), diffCommand(), attributeCommand()],
    ...[
      studyCommand(),
      evaluateCommand(),
      classifyCommand(),
      gradcamCommand(),
      countCommand(),
      weightsCommand(),
      pruneCommand(),
      reportCommand(),
      infoCommand(),
      schemaCommand(),
      completionCommand(() => samebits),
      helpCommand(() => samebits),
    ],
  ];
  for (const command of commands) samebits.addCommand(quiet(command));
  addHelp(samebits);
  return samebits;
}

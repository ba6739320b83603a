/** `samebits schema`: the JSON schemas of what commands print with `--json`. */
import { Command } from 'commander';
import { ArgumentError, show } from '../../errors/index.js';
import { type FormatName, formatNames, formats, jsonSchema } from '../schemas/index.js';

/** The command `schema`. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON schema of what a command prints with --json, or list the formats')
    .argument('[format]', `one of ${formatNames.join(', ')} (default: list them with their versions)`)
    .action((name?: string) => {
      if (name === undefined) {
        const width = formatNames.reduce((most, one) => Math.max(most, one.length), 0) + 2;
        const lines = formatNames.map((one) => `${one.padEnd(width)}${formats[one].version}`);
        process.stdout.write(`${lines.join('\n')}\n`);
        return;
      }
      const known = formatNames.find((one) => one === name);
      if (known === undefined) {
        throw new ArgumentError({ who: 'schema', expected: `one of ${formatNames.join(', ')}`, got: show(name) });
      }
      process.stdout.write(`${JSON.stringify(jsonSchema(known satisfies FormatName), null, 2)}\n`);
    });
}

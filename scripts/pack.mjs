// Makes the tarballs that are published, in build/packages. Both want to be built before (`npm run setup`).
//   core        the package samebits
//   platform    the addon for this machine, or for --target NAME the one in the file --addon
//   publish     what `npm publish` in the checkout is answered: the tarballs are published, not the folder
//   --out DIR   another folder for them
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packCore } from './pack/core.mjs';
import { packPlatform } from './pack/platform.mjs';
import { Refusal, root } from './pack/tarball.mjs';

const makers = {
  core: ({ out }) => packCore(out),
  platform: ({ out, ...options }) => packPlatform(out, options),
  publish: () => {
    throw new Refusal('expected a tarball of build/packages to publish, got the checkout');
  },
};

try {
  const options = Object.fromEntries(['out', 'target', 'addon'].map((name) => [name, { type: 'string' }]));
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const make = makers[positionals.join(' ')];
  if (make === undefined)
    throw new Refusal(`expected one of ${Object.keys(makers).join(', ')}, got '${positionals.join(' ')}'`);
  const { out = path.join(root, 'build/packages'), ...more } = values;
  const { file, unpackedSize } = make({ out: path.resolve(out), ...more });
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  console.log(`${path.relative(process.cwd(), file)}  ${unpackedSize} bytes unpacked  sha256:${digest}`);
} catch (error) {
  if (!(error instanceof Refusal || error.code?.startsWith('ERR_PARSE_ARGS'))) throw error;
  console.error(`pack: ${error.message}`);
  process.exitCode = 2;
}

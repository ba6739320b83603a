// Writes the JavaScript of dist/ from lib/: one file for each room, so that `import 'samebits'` reads tens of files and not
// hundreds, and an error's stack still names the room. Types come from tsc, which checks them (`npm run build:ts`).
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { dependencies, peerDependencies, engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The room that a file of lib/ lies in, but for the two on top: public/ is index.js, the command line its own entry. */
function roomOf(file) {
  const room = /^lib\/([a-z]+)\//.exec(path.relative(root, file).replaceAll(path.sep, '/'))?.[1];
  return room === undefined || ['cli', 'public'].includes(room) ? null : room;
}

/** The folder of dist/ for what comes of these files; 'shared' has what the bundler itself adds. */
function folderOf(files) {
  if (files.some((file) => roomOf(file) !== null)) return 'rooms';
  return files.some((file) => file.startsWith(path.join(root, 'lib'))) ? 'cli' : 'shared';
}

await build({
  cwd: root,
  input: { index: 'lib/index.ts', 'cli/main': 'lib/cli/main.ts' },
  tsconfig: 'tsconfig.json',
  platform: 'node',
  transform: { target: `node${engines.node.replace('>=', '')}` },
  external: [
    /^node:/,
    ...Object.keys({ ...dependencies, ...peerDependencies }).map((name) => new RegExp(`^${name}(/|$)`)),
  ],
  // What a file of lib/ does when it is loaded is done: the list in package.json is for those who bundle dist/.
  treeshake: { moduleSideEffects: () => true },
  preserveEntrySignatures: 'allow-extension',
  logLevel: 'warn',
  onLog: (level, log) => {
    if (level === 'warn') throw new Error(`bundle: expected no warning, got ${log.message}`);
  },
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    sourcemap: true,
    minifyInternalExports: false,
    // V8 keeps the text of what it has loaded: comments are for those who read lib.
    comments: { annotation: true, jsdoc: false, legal: true },
    // Two folders below the package's own, as the files of lib/ are: both find the addon and the manifest by the same path.
    chunkFileNames: ({ moduleIds }) => `${folderOf(moduleIds)}/[name].js`,
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: roomOf, debugName: 'rooms' }] },
  },
});

// A thread's program is a file of its own, beside the room that starts it.
copyFileSync(path.join(root, 'lib/formats/hdf5_worker.mjs'), path.join(root, 'dist/rooms/hdf5_worker.mjs'));

// Prints the files of native/ that a build compiles, relative to the package root: the only source list there is.
//   node native/sources.cjs cpu    C++ files, and the file that says there is no CUDA
//   node native/sources.cjs cuda   C++ and CUDA files
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const rooms = ['core', 'simd', 'simt', 'ops', 'runtime', 'divergence', 'binding'];

function walk(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      return entry.isDirectory() ? walk(full) : [full];
    });
}

/** Source files of a build, '/'-separated and relative to the package root. */
function sources(build) {
  const wanted = build === 'cuda' ? /\.(cc|cu)$/ : /\.cc$/;
  return rooms
    .flatMap((room) => walk(path.join(__dirname, room)))
    .filter((file) => wanted.test(file))
    .filter((file) => build !== 'cuda' || path.basename(file) !== 'cuda_absent.cc')
    .map((file) => path.relative(root, file).split(path.sep).join('/'));
}

module.exports = { sources };
if (require.main === module) process.stdout.write(`${sources(process.argv[2] ?? 'cpu').join('\n')}\n`);

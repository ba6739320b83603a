// What has to be there before anything is built, each with the way to get it. No network is needed for the check itself.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { programsIn } from './native_build.mjs';
import { Stop } from './options.mjs';
import { findHeaders, findNvcc, inPackage, there } from './tools.mjs';

/** The packages that the check and the build use; the first file of each says that it is there. */
const packages = {
  typescript: 'lib/typescript.js',
  'node-addon-api': 'napi.h',
  commander: 'package.json',
  cephes: 'package.json',
  mathjs: 'package.json',
  sharp: 'package.json',
  zod: 'package.json',
};

/** Everything that is missing, a line each. A pack needs what it holds. */
export function missingParts({ nodeHeaders, nvcc, built, packed }) {
  if (packed) return Object.values(programsIn(built)).filter((file) => !existsSync(file));
  const lines = Object.entries(packages)
    .filter(([name, file]) => !existsSync(path.join(inPackage(name), file)))
    .map(
      ([name]) =>
        `node_modules/${name}: run 'npm ci --ignore-scripts' where there is a registry and carry node_modules here`,
    );
  if (built !== undefined) return [...lines, ...Object.values(programsIn(built)).filter((file) => !existsSync(file))];
  if (findHeaders(nodeHeaders) === undefined)
    lines.push(
      nodeHeaders === undefined
        ? 'node_api.h: neither beside node nor in node_modules/node-api-headers; give --node-headers DIR'
        : `node_api.h: not in ${nodeHeaders}`,
    );
  if (findNvcc(nvcc) === undefined) lines.push('nvcc: install the CUDA toolkit, set CUDACXX or give --nvcc PATH');
  for (const [name, from] of [
    ['cmake', '3.22 or newer'],
    ['make', 'any'],
    [process.env.CXX ?? 'g++', 'with C++20'],
  ])
    if (!there(name)) lines.push(`${name}: ${from}`);
  return lines;
}

/** Throws Stop, with all that is missing, unless everything is there. */
export function expectParts(options) {
  const lines = missingParts(options);
  if (lines.length > 0)
    throw new Stop(`expected everything that the check needs, got these missing:\n  ${lines.join('\n  ')}`, 3);
}

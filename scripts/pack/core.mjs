// The package `samebits` as it is published. It differs from the checkout in this: its manifest names the platform packages
// and has no scripts, links of its pages lead to what is in it or else to the repository, and there are no source maps.
// The platform packages are not in package.json itself: npm ci would ask the registry for versions that are not there yet.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesToPack, manifest, Refusal, root, tarballOf } from './tarball.mjs';
import { packageOf, targets } from './targets.mjs';

/** What scripts/build.mjs uses, and asks for with these versions where it is missing. */
export const buildTools = ['node-addon-api', 'node-gyp', 'cmake-js', 'node-api-headers'];

/** The manifest that is published. */
export function publishedManifest(own) {
  const { scripts: _, devDependencies, ...rest } = own;
  return {
    ...rest,
    optionalDependencies: Object.fromEntries(Object.keys(targets).map((name) => [packageOf(name), own.version])),
    devDependencies: Object.fromEntries(buildTools.map((name) => [name, devDependencies[name]])),
  };
}

/** A page whose links to files that are not packed lead to the repository. */
export function withWholeLinks(text, { page, files, repository, version }) {
  return text.replace(/\]\((?![a-z]+:|#)([^)#\s]+)/g, (written, link) => {
    const target = path.posix.join(path.posix.dirname(page), link);
    if (files.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`))) return written;
    return `](${repository}/blob/v${version}/${target}`;
  });
}

/** Makes the tarball in `out`. Throws Refusal without a built dist/. */
export function packCore(out) {
  const own = manifest();
  const files = filesToPack();
  if (!files.includes('dist/index.js')) throw new Refusal("expected a built dist/, got none; run 'npm run build:ts'");
  const repository = own.repository.url.replace(/^git\+|\.git$/g, '');
  const stage = mkdtempSync(path.join(tmpdir(), 'samebits-pack-'));
  try {
    for (const file of files) {
      const [from, to] = [path.join(root, file), path.join(stage, file)];
      mkdirSync(path.dirname(to), { recursive: true });
      if (file === 'package.json') writeFileSync(to, `${JSON.stringify(publishedManifest(own), null, 2)}\n`);
      else if (file.endsWith('.md')) {
        const text = readFileSync(from, 'utf8');
        writeFileSync(to, withWholeLinks(text, { page: file, files, repository, version: own.version }));
      } else if (/^dist\/.*\.js$/.test(file)) {
        writeFileSync(to, readFileSync(from, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
      } else copyFileSync(from, to);
    }
    return tarballOf(stage, out);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

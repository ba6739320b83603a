// The pages of the site out of the repository: everything in docs/, and the pages of the root that contributors need.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Pages of the root by the names that they have on the site. */
export const rootPages = {
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
  'CHANGELOG.md': 'changelog.md',
};

/** Files of docs/ that the site shows, as paths from the root. */
const shown = (root) =>
  readdirSync(path.join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => /\.(md|png|svg)$/.test(file) && !/^docs\/(site|\.vitepress)\//.test(file));

/** Every file of the site by its file in the repository. */
export function pagesOf(root) {
  const pages = Object.fromEntries(shown(root).map((file) => [file, file.slice('docs/'.length)]));
  return { ...pages, ...rootPages };
}

/**
 * A page whose links lead to pages of the site, or else to the repository; one to a group of public names in lib/public leads to its
 * page of the reference. Throws for a link to nothing.
 */
export function withSiteLinks(text, { root, file, pages, repository }) {
  const here = path.posix.dirname(pages[file]);
  return text.replace(/\]\((?![a-z]+:|#)([^)#\s]+)/g, (_, link) => {
    const target = path.posix.join(path.posix.dirname(file), link);
    if (!existsSync(path.join(root, target)))
      throw new Error(`docs: expected ${file} to link to what is there, got ${link}`);
    const page = pages[target] ?? target.replace(/^lib\/public\/(\w+)\.ts$/, 'reference/$1.md');
    if (page === target) return `](${repository}/blob/main/${target}`;
    const relative = path.posix.relative(here, page);
    return `](${relative.startsWith('.') ? relative : `./${relative}`}`;
  });
}

/** Writes all pages below `out`. */
export function writePages(root, out, repository) {
  const pages = pagesOf(root);
  for (const [file, page] of Object.entries(pages)) {
    const place = path.join(out, page);
    mkdirSync(path.dirname(place), { recursive: true });
    const content = readFileSync(path.join(root, file));
    if (file.endsWith('.md')) {
      writeFileSync(place, withSiteLinks(content.toString('utf8'), { root, file, pages, repository }));
    } else writeFileSync(place, content);
  }
}

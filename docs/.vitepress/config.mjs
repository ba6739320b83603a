// The site: VitePress over build/docs, where scripts/docs.mjs puts the pages and the reference, into docs/site.
import { sidebar } from './sidebar.mjs';

const repository = 'https://github.com/samebits/samebits';

/** @type {import('vitepress').UserConfig} */
export default {
  title: 'samebits',
  description:
    'Deterministic training of neural networks in Node.js, and a mode beside it that measures what that is worth',
  lang: 'en',
  // No page asks a server for an icon.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  base: process.env.SAMEBITS_DOCS_BASE ?? '/',
  srcDir: '../build/docs',
  outDir: 'site',
  cacheDir: '../build/vitepress',
  // One file a page, so that any file server has them under their links.
  cleanUrls: false,
  lastUpdated: false,
  // A link that leads nowhere fails the build.
  ignoreDeadLinks: false,
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark' } },
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Command line', link: '/cli' },
      { text: 'Reference', link: '/reference' },
      { text: 'Contract', link: '/contract' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    footer: { message: 'Apache-2.0' },
  },
};

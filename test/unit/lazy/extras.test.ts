// What a plain install leaves out, and the word for it. That word on a real install is test/package/installed.

import { describe, expect, it } from 'vitest';
import { expectExtra, extras, missingPackages } from '../../../lib/lazy/extras.js';
import { text } from '../../architecture/sources.js';

const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(text('package.json'));
const names = [...new Set(Object.values(extras).flat())].sort();

describe('packages that a plain install leaves out', () => {
  it('are the optional peers of the manifest, in the versions that are tested', () => {
    const { '@types/node': _, ...peers } = peerDependencies;
    expect(Object.keys(peers).sort()).toEqual(names);
    for (const name of names) expect([name, devDependencies[name]]).toEqual([name, peers[name]]);
    for (const name of Object.keys(peerDependencies)) expect(peerDependenciesMeta[name]).toEqual({ optional: true });
    expect(names.filter((name) => name in dependencies)).toEqual([]);
  });

  it('are all installed in the checkout', () => {
    for (const extra of Object.keys(extras) as (keyof typeof extras)[]) expectExtra(extra);
  });

  it('are told as one line that installs what is missing, for any shell', () => {
    const { code, message } = missingPackages('reports', ['vega', 'vega-lite', '@cornerstonejs/codec-openjpeg']);
    expect([code, message]).toEqual([
      'PACKAGE',
      'reports: expected the packages for reports, which a plain install leaves out, got no vega, no vega-lite, ' +
        'no @cornerstonejs/codec-openjpeg; npm install vega@6 vega-lite@6.4 @cornerstonejs/codec-openjpeg@1.3.6',
    ]);
  });
});

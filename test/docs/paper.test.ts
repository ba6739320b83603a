// The numbers of docs/paper.md: layers as `summary` lists them, and the hashes of the table of one thread and several.

import { describe, expect, it } from 'vitest';
import { kerasConvnet, miniXception } from '../../lib/index.js';
import { text } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

const page = text('docs/paper.md');

describe('docs/paper.md', () => {
  it.each([
    ['ConvNet', kerasConvnet, 12, 3],
    ['mini Xception', miniXception, 44, 8],
  ] as const)('counts the layers of %s as the paper and as summary do', (_name, make, inPaper, more) => {
    const network = make({ imageSize: 180 });
    const listed = network.summary().match(/│ \S+ \(\w+\)/g)!.length;
    expect(listed).toBe(inPaper + more);
    expect(page).toContain(`counts ${inPaper} layers; \`summary()\` lists ${listed}`);
  });

  it('names every listing, table and figure of the trainings', () => {
    for (const listing of [1, 2, 3, 6, 7]) expect(page).toContain(`## Listing ${listing}`);
    for (const words of ['Listings 4 and 5', 'Table 4', 'Figures 10 to 13', 'Tables 1 to 3, Figures 1 to 9']) {
      expect(page).toContain(words);
    }
    for (const number of ['2,000', '1,000', '90 epochs', '100 epochs']) expect(page).toContain(number);
  });

  it('claims nothing of every machine, and names the set of each number of pictures', () => {
    expect(page).not.toMatch(/any machine|every machine|\b\d+ photographs/);
  });

  it.each([
    ['ConvNet', 'keras_convnet'],
    ['mini Xception', 'mini_xception'],
  ])('has the bits of the demo: %s', (name, model) => {
    const { stdout } = samebits([
      ...['train', '--model', model, '--data', 'synthetic', '--samples', '128', '--batch-size', '8', '--epochs', '3'],
      ...['--threads', '2', '--json'],
    ]);
    const { weightsHash, epochs } = JSON.parse(stdout) as {
      weightsHash: string;
      epochs: { loss: number; accuracy: number; valLoss: number; valAccuracy: number }[];
    };
    const { loss, accuracy, valLoss, valAccuracy } = epochs.at(-1)!;
    const numbers = [loss, accuracy, valLoss, valAccuracy].map((value) => value.toFixed(6)).join(' | ');
    for (const threads of [1, 2]) {
      expect(page).toContain(`| ${name} | ${threads} | \`${weightsHash.slice(7, 23)}...\` | ${numbers} |`);
    }
  });
});

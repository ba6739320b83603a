// The numbers of the pages of papers: layers as `summary` lists them, and the hashes of the table of one thread and several.

import { describe, expect, it } from 'vitest';
import { kerasConvnet, miniXception, networks } from '../../lib/index.js';
import { checkSettings } from '../../lib/settings/index.js';
import { parsePlan } from '../../lib/studies/index.js';
import { text } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

const path = 'docs/papers/leventi-peetz-oestreich-2022.md';
const page = text(path);

describe(path, () => {
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

describe('the pages of the other papers', () => {
  it.each([
    [
      'alahmari-2020',
      [
        'Tables 2 and 6',
        'Tables 3 to 5',
        'Table 7',
        'Figures 2, 3 and 5',
        'Figure 1',
        'Figure 4',
        'Codes 1 to 3',
        'Equations 1 and 2',
      ],
    ],
    [
      'eryilmaz-2023',
      [
        ...[
          'Figure 4.1',
          'Table 4.1, Figure 4.2',
          'Figure 4.3',
          'Table 4.2, Figure 4.4',
          'Tables 5.1 to 5.3',
          'Table 5.4',
        ],
        ...[
          'Figures 5.1 to 5.3',
          'Figures 5.4 to 5.6',
          'Figures 5.7 to 5.9',
          'Figures 5.10 to 5.12',
          'Table 5.5',
          'Table 5.6',
          'Table 6.1',
        ],
      ],
    ],
  ])('%s names every table and figure of its results', (name, places) => {
    const own = text(`docs/papers/${name}.md`);
    expect(places.filter((place) => !own.includes(`| ${place}:`))).toEqual([]);
  });

  it('lenet5 is as the page of 2020 says, and its plan is one of settings that there are', () => {
    const own = text('docs/papers/alahmari-2020.md');
    const network = networks.lenet5();
    expect(own).toContain(`${network.summary().match(/Total params: ([\d,]+)/)![1]} parameters`);
    const plan = /```json\n([\s\S]*?)```/.exec(own)![1]!;
    const { fixed, modes } = parsePlan(JSON.parse(plan));
    expect(() => checkSettings('train', fixed)).not.toThrow();
    expect(modes).toEqual({ deterministic: 7, atomic: 7 });
  });

  it('preact_resnet18 has as many parameters as the page of 2023 says', () => {
    const told = /([\d,]+) parameters/.exec(text('docs/papers/eryilmaz-2023.md'))![1]!;
    expect(networks.preactResnet18().summary()).toContain(told);
  });
});

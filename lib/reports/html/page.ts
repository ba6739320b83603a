/** The report as one HTML file: no script, no font, no picture and no style from anywhere else. */
import type { Result } from '../../experiments/index.js';
import { plural } from '../format.js';
import { subjectOf } from '../verdict.js';
import { cards } from './cards.js';
import { html, type Markup } from './markup.js';
import { againSection, divergenceSection, priceSection, settingsSection, trainingSection } from './sections.js';
import { style } from './style.js';

/** The page of a Result. */
export async function reportPage(result: Result): Promise<string> {
  const { model, modes, runs } = result.definition;
  const title = `${model}: ${plural(runs, 'run')} ${modes.length > 1 ? 'in each mode' : `in ${modes[0]} mode`}`;
  const body = html`<header><h1>${title}</h1>
<p class="lead">${subjectOf(result)}. ${result.machine.cpu}, ${result.startedAt.slice(0, 10)}.</p></header>
<main>
${cards(result)}
${await trainingSection(result)}
${await divergenceSection(result)}
${await priceSection(result)}
${settingsSection(result)}
${againSection(result)}
</main>
<footer>Made by samebits ${result.versions.samebits}, numeric contract ${result.contract}.</footer>`;
  return documentOf(title, body);
}

/** A whole document around a body. */
export function documentOf(title: string, body: Markup): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html`${title}`.text}</title>
<style>${style}</style>
</head>
<body>
${body.text}
</body>
</html>
`;
}

/** A document around a body: nothing in it is a script, and nothing comes from outside the report's folder. */
import { html, type Markup } from './markup.js';
import { style } from './style.js';

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

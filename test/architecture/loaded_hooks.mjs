// Writes the address of every module that is imported into a file.
import { appendFileSync } from 'node:fs';

let list;
export const initialize = (path) => {
  list = path;
};

export async function load(url, context, next) {
  appendFileSync(list, `${url}\n`);
  return next(url, context);
}

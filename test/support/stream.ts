/** A stream that keeps what is written to it, as a terminal or as a file. */
import { Writable } from 'node:stream';

export function keptStream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 80 }) as never, text: () => text };
}

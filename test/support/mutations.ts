// Changes to files, drawn at random: bytes flipped, cut, doubled or put in, and values of a JSON text replaced by any other.

import fc from 'fast-check';

/** Some bytes with a few changes drawn from the arbitrary. */
export function brokenBytes(bytes: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat({ max: Math.max(0, bytes.length - 1) });
  const flip = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, bits]) => (from: Buffer) => {
    const to = Buffer.from(from);
    if (to.length > 0) to[at % to.length]! ^= bits;
    return to;
  });
  const cut = place.map((at) => (from: Buffer) => from.subarray(0, at));
  const without = fc.tuple(place, fc.integer({ min: 1, max: 64 })).map(
    ([at, count]) =>
      (from: Buffer) =>
        Buffer.concat([from.subarray(0, at), from.subarray(at + count)]),
  );
  const twice = fc.tuple(place, place).map(
    ([a, b]) =>
      (from: Buffer) =>
        Buffer.concat([from.subarray(0, Math.max(a, b)), from.subarray(Math.min(a, b))]),
  );
  const put = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 40 })).map(
    ([at, more]) =>
      (from: Buffer) =>
        Buffer.concat([from.subarray(0, at), more, from.subarray(at)]),
  );
  const changes = fc.array(fc.oneof(flip, flip, cut, without, twice, put), { minLength: 1, maxLength: 3 });
  return changes.map((all) => all.reduce((from, change) => change(from), bytes));
}

type Path = (string | number)[];

/** The places of all values of a JSON value, itself included. */
export function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inside]) => placesIn(inside, [...path, key]))];
}

/** A copy of a JSON value with another one at a place; `undefined` removes what is there. */
export function withAt(value: unknown, [key, ...rest]: Path, change: unknown): unknown {
  if (key === undefined) return change;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as Record<string, unknown>) };
  const table = copy as Record<string | number, unknown>;
  const inside = withAt(table[key], rest, change);
  if (inside !== undefined) table[key] = inside;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete table[key];
  return copy;
}

/** Values that break readers: wrong kinds, numbers beyond every bound, names that mean something to JavaScript. */
const oddities = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, 0, -1, 0.5, 1e308, -1e308, 2 ** 53, 2 ** 53 - 1, 2_000_000, 2 ** 32),
  fc.constantFrom<unknown>('', '__proto__', 'constructor', '../../x', 'NaN', '\u0000', [], {}, [[]], [null]),
  fc.constantFrom<unknown>(JSON.parse('{"__proto__":1}'), { length: 3 }, [2 ** 53 - 1, 2 ** 53 - 1], '9'.repeat(400)),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A JSON value with one to three of its values replaced or removed. */
export function brokenJson(value: unknown): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.nat({ max: 1_000_000 }), oddities);
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce((from: unknown, [pick, to]) => {
      const places = placesIn(from);
      return withAt(from, places[pick % places.length]!, to);
    }, value),
  );
}

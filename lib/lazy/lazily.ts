/** A value that is made when it is first asked for, once: `const table = lazily(() => makeTable())`, then `table()`. */
export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

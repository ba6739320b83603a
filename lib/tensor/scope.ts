/** Scopes: everything made inside is disposed at the end, except what is returned or kept. */

/** What a scope can dispose. */
export interface Disposable {
  dispose(): void;
}

const open: Set<Disposable>[] = [];

/** @internal Registers a new tensor with the innermost scope. */
export function track(tensor: Disposable): void {
  open.at(-1)?.add(tensor);
}

/** @internal Forgets a tensor that was disposed by hand. */
export function untrack(tensor: Disposable): void {
  for (const scope of open) scope.delete(tensor);
}

/** Takes a tensor out of all open scopes, so that it lives until it is disposed by hand. Returns it. */
export function keep<T extends Disposable>(tensor: T): T {
  untrack(tensor);
  return tensor;
}

function survivors(value: unknown): Disposable[] {
  if (Array.isArray(value)) return value.flatMap(survivors);
  if (value !== null && typeof value === 'object') {
    if ('dispose' in value && typeof value.dispose === 'function') return [value as Disposable];
    return Object.values(value).flatMap(survivors);
  }
  return [];
}

/**
 * Runs `body` and disposes every tensor made in it, except those it returns (also inside arrays and plain objects),
 * which pass to the enclosing scope. `body` must be synchronous.
 */
export function scope<T>(body: () => T): T {
  const mine = new Set<Disposable>();
  open.push(mine);
  let result: T;
  try {
    result = body();
  } catch (error) {
    open.pop();
    for (const tensor of mine) tensor.dispose();
    throw error;
  }
  open.pop();
  for (const tensor of survivors(result)) {
    if (mine.delete(tensor)) track(tensor);
  }
  for (const tensor of mine) tensor.dispose();
  return result;
}

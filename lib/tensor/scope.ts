/** Scopes: what is made inside is disposed at the end, except for results and what is kept. */

import { ArgumentError } from '../errors/index.js';

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

/** All disposable objects in a value. Typed arrays hold numbers only, so they are not searched. */
function survivors(value: unknown): Disposable[] {
  const found: Disposable[] = [];
  const seen = new Set<unknown>();
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (next === null || typeof next !== 'object' || ArrayBuffer.isView(next) || seen.has(next)) continue;
    seen.add(next);
    if ('dispose' in next && typeof next.dispose === 'function') found.push(next as Disposable);
    else for (const inner of Array.isArray(next) ? next : Object.values(next)) left.push(inner);
  }
  return found.reverse(); // as they stand in the value
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  value !== null && typeof value === 'object' && 'then' in value && typeof value.then === 'function';

const refusePromise = (got: string) =>
  new ArgumentError({
    who: 'scope',
    expected: 'a body that is done when it returns',
    got,
    hint: 'await before the scope, or dispose tensors by hand; a scope cannot tell what an async body makes later',
  });

/**
 * Runs `body` and disposes every tensor made in it. Tensors that it returns, also inside arrays and plain objects, pass to the
 * enclosing scope. `body` must be synchronous: throws ArgumentError for an async function, without calling it, and for one
 * that returns a promise. Example: `scope(() => relu(dense(x, weight)))`.
 */
export function scope<T>(body: () => T): T {
  if (Object.prototype.toString.call(body) === '[object AsyncFunction]') throw refusePromise('an async function');
  const mine = new Set<Disposable>();
  open.push(mine);
  let result: T;
  try {
    result = body();
    if (isPromise(result)) {
      // The body goes on with tensors that are disposed. Nobody waits for the error that it meets then.
      result.then(undefined, () => {});
      throw refusePromise('one that returns a promise');
    }
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

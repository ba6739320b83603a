// Scopes: what passes out of them, what they refuse, and that they look through no array of numbers.

import { afterAll, describe, expect, it, vi } from 'vitest';
import { createRuntime, scope, type Tensor, tensor } from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

describe('scope', () => {
  it('lets what is returned live, in lists and objects, also where these hold themselves', () => {
    let lost: Tensor | undefined;
    const out = scope(() => {
      lost = tensor(runtime, [0]);
      const holder: Record<string, unknown> = { list: [tensor(runtime, [1])], inner: { x: tensor(runtime, [2]) } };
      holder['self'] = holder;
      return holder as { list: Tensor[]; inner: { x: Tensor } };
    });
    expect(lost!.disposed).toBe(true);
    expect([out.list[0]!.item(), out.inner.x.item()]).toEqual([1, 2]);
    out.list[0]!.dispose();
    out.inner.x.dispose();
  });

  it('lets a long list of tensors and a deep one live', () => {
    const deep = scope(() => {
      let list: unknown[] = [tensor(runtime, [1])];
      for (let i = 0; i < 50_000; i++) list = [list];
      return list;
    });
    let inner: unknown = deep;
    while (Array.isArray(inner)) inner = inner[0];
    expect((inner as Tensor).disposed).toBe(false);
    (inner as Tensor).dispose();
  });

  it('looks at no value of a typed array', () => {
    const values = vi.spyOn(Object, 'values');
    try {
      using x = tensor(runtime, new Float32Array(1000));
      const data = scope(() => ({ data: x.data(), rows: [new Uint8Array(10)] }));
      expect(data.data.length).toBe(1000);
      expect(values.mock.calls.some(([of]) => ArrayBuffer.isView(of))).toBe(false);
    } finally {
      values.mockRestore();
    }
  });

  const message =
    'scope: expected a body that is done when it returns, got %; await before the scope, or dispose tensors by hand; a scope cannot tell what an async body makes later';

  it('refuses an async function without calling it', () => {
    let called = false;
    const body = async () => {
      called = true;
    };
    expect(() => scope(body)).toThrow(message.replace('%', 'an async function'));
    expect(called).toBe(false);
  });

  it('refuses a promise, disposes what was made, and works on', async () => {
    let inner: Tensor | undefined;
    const body = () => {
      inner = tensor(runtime, [1]);
      return Promise.resolve().then(() => inner!.data());
    };
    expect(() => scope(body)).toThrow(message.replace('%', 'one that returns a promise'));
    expect(inner!.disposed).toBe(true);
    await Promise.resolve();
    using kept = scope(() => tensor(runtime, [2]));
    expect(kept.item()).toBe(2);
  });
});

/**
 * Room in memory for decoded pictures. Many are under way at once, so that no processor waits; were all of them large, memory
 * would not hold them. So each asks for room before it is decoded, and waits where the others have it, in the order of asking.
 */

/** Bytes of decoded pictures at once: hundreds of usual ones. A larger one has the room alone. */
const roomBytes = 2 ** 28;

/** The place of one picture in the room, and of what belongs to it. */
export interface Seat {
  /** Resolves when there is room for `bytes`. What a seat asks for later is part of what it has: waiting on both sides would never end. */
  take(bytes: number): Promise<void>;
  /** Gives the room back. */
  leave(): void;
}

/** Room that seats share. */
export class Room {
  #free: number;
  readonly #waiting: { bytes: number; go: () => void }[] = [];

  constructor(readonly bytes = roomBytes) {
    this.#free = bytes;
  }

  /** A new seat, which has nothing yet. */
  seat(): Seat {
    let own: number | undefined;
    return {
      take: (bytes) => {
        if (own !== undefined) return Promise.resolve();
        own = Math.min(bytes, this.bytes);
        return this.#enter(own);
      },
      leave: () => {
        this.#free += own ?? 0;
        own = 0;
        this.#admit();
      },
    };
  }

  #enter(bytes: number): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ bytes, go });
      this.#admit();
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.go();
    }
  }
}

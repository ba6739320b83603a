// The checksum of event files, against the values of RFC 3720.

import { describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from '../../../lib/tensorboard/crc32c.js';

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

describe('CRC-32C', () => {
  it.each([
    ['00'.repeat(32), 0x8a9136aa],
    ['ff'.repeat(32), 0x62a8ab43],
    [Buffer.from('123456789').toString('hex'), 0xe3069283],
    ['', 0],
  ])('of %s is that of RFC 3720', (hex, expected) => {
    expect(crc32c(bytesOf(hex))).toBe(expected);
  });

  it('is masked as TensorFlow does it', () => {
    const crc = 0xe3069283;
    const rotated = Number(((BigInt(crc) >> 15n) | (BigInt(crc) << 17n)) & 0xffffffffn);
    const expected = Number((BigInt(rotated) + 0xa282ead8n) & 0xffffffffn);
    expect(maskedCrc32c(Buffer.from('123456789'))).toBe(expected);
  });
});

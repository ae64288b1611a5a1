import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatRate, plural } from '../../src/text/units.ts';

describe('units', () => {
  it('groups thousands', () => {
    expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('formats bytes with two significant digits', () => {
    expect([0, 999, 1000, 4_120_000, 99_400_000, 250_000_000, 1e9, 2.5e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '4.1 MB',
      '99 MB',
      '250 MB',
      '1.0 GB',
      '2.5 TB',
    ]);
  });

  it('formats durations in readable units', () => {
    expect([0.0421, 0.995, 9.94, 12, 59.7, 200, 7500].map(formatDuration)).toEqual([
      '0.04 s',
      '1.0 s',
      '9.9 s',
      '12 s',
      '1 min 0 s',
      '3 min 20 s',
      '2 h 5 min',
    ]);
  });

  it('formats rates and plurals', () => {
    expect([0.31, 4.93, 12.4, 250.2].map(formatRate)).toEqual(['0.3', '4.9', '12', '250']);
    expect([plural(1, 'proof'), plural(2000, 'row')]).toEqual(['1 proof', '2,000 rows']);
  });
});

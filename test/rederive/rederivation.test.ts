import { describe, expect, it } from 'vitest';
import { differencesIn } from '../../src/rederive/differences.ts';
import { conclude, type Link, type LinkStatus } from '../../src/rederive/rederivation.ts';

const link = (name: string, status: LinkStatus, reservation?: string): Link => ({
  ...{ link: name, status, what: '' },
  ...(reservation !== undefined && { reservation }),
});

describe('the final sentence', () => {
  it('is the verdict alone if everything was derived', () => {
    const { sentence } = conclude([link('circuit', 'same'), link('phase 1', 'same')]);
    expect(sentence).toBe('this verification key is this model');
  });

  it('adds every reservation to the verdict', () => {
    const links = [
      link('scales', 'taken', 'scales are taken'),
      link('name', 'unchecked', 'the name is a label'),
    ];
    expect(conclude(links)).toMatchObject({
      verdict: 'this verification key is this model',
      reservations: ['scales are taken', 'the name is a label'],
      sentence: 'this verification key is this model; scales are taken; the name is a label',
    });
  });

  it('says where it stops, and only that if a link is broken', () => {
    const missing = conclude([link('scales', 'taken', 'scales are taken'), link('key', 'missing')]);
    expect(missing.sentence).toBe('this circuit is this model; it stops at: key; scales are taken');
    const broken = conclude([link('scales', 'taken', 'scales are taken'), link('key', 'differs')]);
    expect(broken.sentence).toBe('broken; it stops at: key');
    expect(conclude([link('scales', 'missing')]).verdict).toBe('incomplete');
  });
});

describe('differences in words', () => {
  it('name the place, count further ones, and print no control characters', () => {
    expect(differencesIn({ a: [1, 2] }, { a: [1, 3] })).toBe('a[1] is 2, derived 3');
    expect(differencesIn(9, 234)).toBe('claimed 9, derived 234');
    expect(differencesIn({ a: '1' }, { b: '1' })).toBe('b is missing, derived 1; a is 1, derived missing');
    expect(differencesIn([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0])).toMatch(/; and 2 more$/);
    expect(differencesIn({ 'a\u001b[2J': 'x\u202e' }, {})).toBe('a?[2J is "x?", derived missing');
    expect(differencesIn({ a: [] }, { a: [] })).toBe('');
  });
});

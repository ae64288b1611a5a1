import { describe, expect, it } from 'vitest';
import { checkCard, declaredRanges, parseCard } from '../../src/quantize/card.ts';

describe('parseCard', () => {
  it('reads names, units and ranges', () => {
    const text = '{"classes":["no","yes"],"features":[{"name":"age","unit":"years","min":18,"max":99},{}]}';
    const card = parseCard(text, 'card.json');
    expect(declaredRanges(card)).toEqual([{ min: 18, max: 99 }, undefined]);
    expect(() => checkCard(card, 2, [{ name: 'y', count: 2 }], 'card.json')).not.toThrow();
  });

  it('reads the step of a feature that only has some values', () => {
    const card = parseCard('{"features":[{"min":0,"max":0.9,"step":0.1},{"min":1,"max":2}]}', 'card.json');
    expect(declaredRanges(card)).toEqual([
      { min: 0, max: 0.9, step: 0.1 },
      { min: 1, max: 2 },
    ]);
  });

  it.each([
    ['text that is not JSON', '{', /card\.json/],
    ['an unknown member', '{"clases":[]}', /clases/],
    ['a minimum without a maximum', '{"features":[{"min":1}]}', /features\.0/],
    ['an empty range', '{"features":[{"min":1,"max":1}]}', /features\.0.*|min must be below max/],
    ['a step without a range', '{"features":[{"step":1}]}', /a step needs min and max/],
    ['a step that is not positive', '{"features":[{"min":0,"max":1,"step":0}]}', /features\.0\.step/],
    ['a range of half a step', '{"features":[{"min":0,"max":1,"step":2}]}', /whole number of steps/],
    ['too many steps', '{"features":[{"min":0,"max":65536,"step":1}]}', /whole number of steps/],
    ['a name that is not a string', '{"classes":[1,2]}', /classes\.0/],
  ])('refuses %s, naming the place', (_, text, message) => {
    expect(() => parseCard(text, 'card.json')).toThrow(expect.objectContaining({ code: 'QP3007' }));
    expect(() => parseCard(text, 'card.json')).toThrow(message);
  });

  it.each([
    ['an escape sequence', 'no\u001b[2J', /classes\.1.*|printable/],
    ['a newline', 'no\nyes', /classes\.1/],
    ['a bidirectional mark', 'no\u202e', /classes\.1/],
    ['half of a surrogate pair', 'no\ud83d', /classes\.1/],
    ['more than 1024 characters', 'x'.repeat(1025), /classes\.1/],
  ])('refuses a name with %s, as verifiers do', (_, name, place) => {
    const refused = expect.objectContaining({ code: 'QP3007', where: expect.stringMatching(place) });
    expect(() => parseCard(JSON.stringify({ classes: ['yes', name] }), 'card.json')).toThrow(refused);
    for (const member of ['name', 'unit']) {
      const card = JSON.stringify({ features: [{ [member]: name }] });
      expect(() => parseCard(card, 'card.json')).toThrow(expect.objectContaining({ code: 'QP3007' }));
    }
  });

  it('accepts names that verifiers accept: accents, other scripts, joined emoji', () => {
    const classes = ['größer', '猫', '👩‍🔬', 'a b'];
    expect(parseCard(JSON.stringify({ classes }), 'card.json').classes).toEqual(classes);
  });

  it('refuses lists whose lengths differ from the model', () => {
    const card = parseCard('{"classes":["a","b"],"features":[{},{}]}', 'card.json');
    expect(() => checkCard(card, 3, [{ name: 'y', count: 2 }], 'card.json')).toThrow(
      /describes 2 features, but the model has 3/,
    );
    expect(() => checkCard(card, 2, [{ name: 'y', count: 3 }], 'card.json')).toThrow(
      /names 2 classes, but the model has 3/,
    );
  });
});

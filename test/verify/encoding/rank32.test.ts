import { describe, expect, test } from 'vitest';
import { rank32Encoding } from '../../../src/verify/encoding/rank32.ts';
import { rankVectors } from '../support/spec-example.ts';

const coded = rank32Encoding('coded');
const refused = rank32Encoding('refused');

/** Bits by way of a Float32Array, independent of the code under test. */
function bitsOf(x: number): number {
  return new Uint32Array(Float32Array.of(x).buffer)[0]!;
}

function expectedRank(x: number): number {
  const bits = bitsOf(x);
  const magnitude = bits & 0x7fffffff;
  return bits >>> 31 === 1 ? 2139095040 - magnitude : 2139095040 + magnitude;
}

function floats(count: number): number[] {
  let state = 12345;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const words = Uint32Array.from({ length: count }, () => next() ^ (next() >>> 11));
  return [...new Float32Array(words.buffer)].filter(Number.isFinite);
}

test('the vectors of SPEC.md, section 20', () => {
  const vectors = rankVectors();
  expect(vectors).toHaveLength(12);
  for (const [text, integer] of vectors) {
    const word = text.replace('−', '-').replace('∞', 'Infinity').replace('±', '-');
    const value = Number.isNaN(Number(word)) || word.includes('Inf') ? word : Number(word);
    expect(coded.encode(value).integer, text).toBe(Number(integer));
  }
});

test('the deviation of 0.1 is that of SPEC.md', () => {
  const { integer, deviation } = coded.encode(0.1);
  expect(deviation).toBe(0.19999999925494194);
  expect(coded.step(integer)).toBe(7.450580596923828e-9);
  const decoded = coded.decode(integer);
  expect(decoded.kind === 'number' && Math.abs(0.1 - decoded.number)).toBe(1.4901161138336505e-9);
});

describe('against Float32Array', () => {
  const special = [
    0,
    -0,
    1,
    -1,
    2 ** -149,
    -(2 ** -149),
    2 ** -126,
    2 ** -126 - 2 ** -149,
    3.4028234663852886e38,
  ];
  const values = [...special, ...floats(20_000)];

  test('ranks and values of floats, exactly', () => {
    const wrong = values.filter((x) => {
      const { integer, deviation } = refused.encode(x);
      const decoded = refused.decode(integer);
      return integer !== expectedRank(x) || deviation !== 0 || !('number' in decoded && decoded.number === x);
    });
    expect(wrong).toEqual([]);
  });

  test('keeps the order', () => {
    const sorted = values.toSorted((a, b) => a - b);
    const ranks = sorted.map((x) => refused.encode(x).integer);
    expect(ranks.every((rank, i) => i === 0 || rank >= ranks[i - 1]!)).toBe(true);
  });

  test('a double goes to the nearest float, at most half a step away', () => {
    const doubles = floats(20_000).map((float, i) => float * (1 + ((i % 17) - 8) * 2 ** -27));
    const wrong = doubles.filter((x) => {
      if (!Number.isFinite(Math.fround(x))) return false;
      const { integer, deviation } = refused.encode(x);
      const exact = x === Math.fround(x);
      return integer !== expectedRank(x) || deviation > 0.5 || (deviation === 0) !== exact;
    });
    expect(wrong).toEqual([]);
  });
});

test('halves go to the even float', () => {
  const halfway = 1 + 2 ** -24;
  expect(refused.encode(halfway)).toEqual({ integer: 3204448256, deviation: 0.5 });
  expect(refused.encode(1 + 3 * 2 ** -24)).toEqual({ integer: 3204448258, deviation: 0.5 });
});

test('values below the subnormals become zero, with their deviation', () => {
  const { integer, deviation } = refused.encode(1e-46);
  expect(integer).toBe(2139095040);
  expect(deviation).toBeCloseTo(0.0714, 4);
});

test.each([
  1e39,
  3.4028235677973366e38,
  'NaN',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  'inf',
  'infinity',
  '1',
  '',
])('%s is refused', (x) => {
  expect(() => refused.encode(x)).toThrow('QP7605');
});

test('infinities and NaN have no step, and decode to texts', () => {
  expect([coded.max, refused.max]).toEqual([4278190081, 4278190080]);
  for (const word of ['Infinity', '-Infinity', 'NaN']) {
    const { integer, deviation } = coded.encode(coded.parse(word));
    expect(deviation).toBe(0);
    expect(coded.decode(integer)).toEqual({ kind: 'text', text: word });
    expect(coded.step(integer)).toBeUndefined();
  }
  expect(() => coded.parse('inf')).toThrow('QP7605');
  expect(coded.parse('0.1')).toBe(0.1);
});

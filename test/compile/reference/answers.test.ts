import { describe, expect, it } from 'vitest';
import { applyHead, floatLabels, logitLabels } from '../../../src/compile/reference/answers.ts';

describe('labels', () => {
  it('are the lowest index of the largest score', () => {
    const rule = { head: 'none', decision: 'argmax' } as const;
    for (const label of [floatLabels, logitLabels]) {
      expect(
        [
          [2, 1],
          [1, 2],
          [1, 1],
          [0, 3, 3],
        ].map((scores) => label(scores, rule)),
      ).toEqual([[0], [1], [0], [1]]);
    }
  });

  it('take a threshold as reached, on the probability and on the logit', () => {
    const rule = { head: 'sigmoid', decision: { threshold: 0.5 } } as const;
    expect([0.5, 0.49].flatMap((probability) => floatLabels([probability], rule))).toEqual([1, 0]);
    expect([0, -0.001].flatMap((logit) => logitLabels([logit], rule))).toEqual([1, 0]);
  });

  it('move a threshold on a probability to the logits', () => {
    const rule = { head: 'sigmoid', decision: { threshold: 0.9 } } as const;
    // ln 9 = 2.197…
    expect([2.2, 2.19].flatMap((logit) => logitLabels([logit], rule))).toEqual([1, 0]);
  });

  it('compare a plain score with the threshold as it is', () => {
    const rule = { head: 'none', decision: { threshold: 3 } } as const;
    expect([3, 2.9].flatMap((score) => floatLabels([score], rule))).toEqual([1, 0]);
    expect([3, 2.9].flatMap((score) => logitLabels([score], rule))).toEqual([1, 0]);
  });

  it('are one for each score that a threshold decides', () => {
    const rule = { head: 'sigmoid', decision: { threshold: 0.5 } } as const;
    expect(floatLabels([0.2, 0.5, 0.9], rule)).toEqual([0, 1, 1]);
    expect(logitLabels([-1, 0, 3], rule)).toEqual([0, 1, 1]);
  });

  it('are the output itself where the float model ends in an argmax', () => {
    const rule = { head: 'argmax', decision: 'argmax' } as const;
    expect(floatLabels([2], rule)).toEqual([2]);
    expect(logitLabels([0, 1, 5], rule)).toEqual([2]);
  });
});

describe('applyHead', () => {
  const logits = Float64Array.of(1, 3, 2);
  const total = logits.reduce((sum, x) => sum + Math.exp(x), 0);
  const softmax = logits.map((x) => Math.exp(x) / total);

  it.each([
    ['softmax', softmax],
    ['softmax', softmax.map(Math.log)],
    ['sigmoid', logits.map((x) => 1 / (1 + Math.exp(-x)))],
    ['none', logits],
  ] as const)('gives the output of the float model behind %s', (head, expected) => {
    const moved = head === 'softmax' ? logits.map((x) => x + 1000) : logits;
    const found = applyHead(head, moved, expected);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
  });
});

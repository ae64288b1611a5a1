import { describe, expect, it } from 'vitest';
import { betweenMarks } from '../../bench/marks.ts';

const README = 'before\n<!-- bench:begin -->\nold $1\n<!-- bench:end -->\nafter\n';

describe('betweenMarks', () => {
  it('replaces what stands between the marks, and nothing else', () => {
    const once = betweenMarks(README, 'bench', '| $& | new |', 'README.md');
    expect(once).toBe('before\n<!-- bench:begin -->\n\n| $& | new |\n<!-- bench:end -->\nafter\n');
    expect(betweenMarks(once, 'bench', '| $& | new |', 'README.md')).toBe(once);
  });

  it('names the file that has no such marks', () => {
    expect(() => betweenMarks(README, 'models', '', 'README.md')).toThrow(
      /README\.md has no <!-- models:begin/,
    );
  });
});

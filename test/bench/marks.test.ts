import { describe, expect, it } from 'vitest';
import { betweenMarks } from '../../bench/marks.ts';

const README = 'before\n<!-- bench:begin -->\nold $1\n<!-- bench:end -->\nafter\n';

describe('betweenMarks', () => {
  it('replaces only the text between the marks', () => {
    const once = betweenMarks(README, 'bench', '| $& | new |', 'README.md');
    expect(once).toBe('before\n<!-- bench:begin -->\n\n| $& | new |\n<!-- bench:end -->\nafter\n');
    expect(betweenMarks(once, 'bench', '| $& | new |', 'README.md')).toBe(once);
  });

  it('reports a file without these marks', () => {
    expect(() => betweenMarks(README, 'models', '', 'README.md')).toThrow(
      /README\.md has no <!-- models:begin/,
    );
  });
});

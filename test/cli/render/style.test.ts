import { describe, expect, it } from 'vitest';
import { colorWanted, styleFor } from '../../../src/cli/render/style.ts';

const terminal = { write: () => true, isTTY: true };
const pipe = { write: () => true };

describe('colorWanted', () => {
  it('colours terminals and nothing else', () => {
    expect(colorWanted(terminal, {})).toBe(true);
    expect(colorWanted(pipe, {})).toBe(false);
    expect(colorWanted(terminal, { TERM: 'dumb' })).toBe(false);
  });

  it('honours NO_COLOR with any value but the empty one', () => {
    expect(colorWanted(terminal, { NO_COLOR: '1' })).toBe(false);
    expect(colorWanted(terminal, { NO_COLOR: '0', FORCE_COLOR: '1' })).toBe(false);
    expect(colorWanted(terminal, { NO_COLOR: '' })).toBe(true);
  });

  it('paints only where colour is on', () => {
    expect(styleFor(false).red('x')).toBe('x');
    expect(styleFor(true).red('x')).toBe('\x1b[31mx\x1b[39m');
  });
});

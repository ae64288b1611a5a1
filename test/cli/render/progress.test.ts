import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Progress } from '../../../src/cli/render/progress.ts';
import { styleFor } from '../../../src/cli/render/style.ts';

function scene(live: boolean, total = 8, done = 0) {
  const written: string[] = [];
  const clock = { now: 0 };
  const progress = new Progress({
    output: { write: (text) => written.push(text) },
    style: styleFor(live),
    live,
    verb: 'proved',
    total,
    done,
    now: () => clock.now,
  });
  return { progress, clock, written };
}

describe('Progress on a terminal', () => {
  it('redraws one line with rate and time left', () => {
    const { progress, clock, written } = scene(true);
    clock.now = 1000;
    progress.update(4);
    const last = written.at(-1)!;
    expect(last.startsWith('\r\x1b[2K')).toBe(true);
    expect(stripVTControlCharacters(last)).toContain('proved 4 of 8  4.0/s  1.0 s left');
    expect(written.every((text) => !text.includes('\n'))).toBe(true);
  });

  it('draws no more often than every 80 ms, but always the end', () => {
    const { progress, clock, written } = scene(true);
    for (let i = 1; i <= 8; i += 1) {
      clock.now = i;
      progress.update(i);
    }
    expect(written).toHaveLength(1);
    progress.finish();
    expect(written.join('')).toContain('proved 8 of 8');
    expect(written.at(-1)).toBe('\n');
  });

  it('does not count earlier rows as speed', () => {
    const { progress, clock, written } = scene(true, 100, 90);
    clock.now = 1000;
    progress.update(92);
    expect(stripVTControlCharacters(written.at(-1)!)).toContain('proved 92 of 100  2.0/s  4.0 s left');
  });
});

describe('Progress elsewhere', () => {
  it('writes plain lines, few of them, without control characters', () => {
    const { progress, clock, written } = scene(false, 1000);
    for (let i = 1; i <= 1000; i += 1) {
      clock.now = i * 12;
      progress.update(i);
    }
    progress.finish();
    expect(written).toHaveLength(3);
    expect(written.every((text) => stripVTControlCharacters(text) === text && text.endsWith('\n'))).toBe(
      true,
    );
    expect(written.at(-1)).toBe('proved 1000 of 1000  83/s  in 12 s\n');
  });

  it('says nothing twice', () => {
    const { progress, clock, written } = scene(false, 2);
    clock.now = 6000;
    progress.update(2);
    progress.finish();
    expect(written).toHaveLength(1);
  });
});

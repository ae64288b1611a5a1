import { describe, expect, it } from 'vitest';
import {
  BEYOND,
  enumerateWindows,
  PADDING,
  samePads,
  type WindowSpec,
  windowShape,
} from '../../src/import/windows.ts';

const spec = (parts: Partial<WindowSpec>): WindowSpec => ({
  kernel: [3],
  strides: [1],
  dilations: [1],
  padBegin: [0],
  padEnd: [0],
  ...parts,
});

describe('windows', () => {
  it('marks padding, and what lies beyond it', () => {
    const { shape, index } = enumerateWindows([4], spec({ strides: [2], padBegin: [1], ceilMode: true }));
    expect(shape).toEqual([2]);
    expect([...index]).toEqual([PADDING, 0, 1, 1, 2, 3]);
    const over = enumerateWindows([4], spec({ strides: [3], padEnd: [1], ceilMode: true }));
    expect([...over.index]).toEqual([0, 1, 2, 3, PADDING, BEYOND]);
  });

  it('has no window that starts in the end padding', () => {
    expect(windowShape([2], spec({ kernel: [1], strides: [2], padEnd: [1], ceilMode: true }))).toEqual([1]);
  });

  it('crosses two axes in row-major order', () => {
    const two = { kernel: [2, 2], strides: [1, 1], dilations: [2, 1], padBegin: [0, 0], padEnd: [0, 0] };
    const { shape, taps, index } = enumerateWindows([3, 3], two);
    expect([shape, taps]).toEqual([[1, 2], 4]);
    expect([...index]).toEqual([0, 1, 6, 7, 1, 2, 7, 8]);
  });

  it('has no position for a kernel that is too large', () => {
    expect(windowShape([2], spec({}))).toEqual([0]);
  });

  it('pads to the same size, with the odd cell last or first', () => {
    const even = { kernel: [2], strides: [1], dilations: [1] };
    expect(samePads([5], even, 'upper')).toEqual({ padBegin: [0], padEnd: [1] });
    expect(samePads([5], even, 'lower')).toEqual({ padBegin: [1], padEnd: [0] });
    expect(samePads([5], { ...even, kernel: [1], strides: [3] }, 'upper')).toEqual({
      padBegin: [0],
      padEnd: [0],
    });
  });
});

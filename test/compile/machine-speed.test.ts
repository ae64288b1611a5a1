import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { machineSlowness, measureSlowness } from '../../src/compile/machine-speed.ts';

const folders: string[] = [];
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'quietproof-speed-'));
  folders.push(cache);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const fileOf = () => path.join(cache, readdirSync(cache)[0]!);

describe('the speed of this machine', () => {
  it('is measured once, and kept for the user alone', () => {
    const measure = vi.fn(() => 1.25);
    expect([machineSlowness({ cache, measure }), machineSlowness({ cache, measure })]).toEqual([1.25, 1.25]);
    expect(measure).toHaveBeenCalledTimes(1);
    if (process.platform !== 'win32') expect(statSync(fileOf()).mode & 0o077).toBe(0);
  });

  it('is measured again on another processor, and where the file is damaged', () => {
    machineSlowness({ cache, measure: () => 2 });
    const known = readFileSync(fileOf(), 'utf8');
    for (const text of [known.replace('Node', 'Other, Node'), known.replace('2}', '1e9}'), 'null', '{']) {
      writeFileSync(fileOf(), text);
      expect(machineSlowness({ cache, measure: () => 3 }), text).toBe(3);
    }
  });

  it('is measured again after a day: the machine may have been busy', () => {
    machineSlowness({ cache, measure: () => 9 });
    const dayAgo = Date.now() / 1000 - 24 * 3600 - 60;
    utimesSync(fileOf(), dayAgo, dayAgo);
    const measure = vi.fn(() => 2);
    expect([machineSlowness({ cache, measure }), machineSlowness({ cache, measure })]).toEqual([2, 2]);
    expect(measure).toHaveBeenCalledTimes(1);
  });

  it('needs no cache, and believes no impossible measurement', () => {
    expect(machineSlowness({ cache: undefined, measure: () => 4 })).toBe(4);
    expect(machineSlowness({ cache: undefined, measure: () => Infinity })).toBe(20);
    expect(machineSlowness({ cache: path.join(cache, 'missing'), measure: () => 0 })).toBe(1 / 20);
  });

  it('is a positive number', () => {
    expect(measureSlowness()).toBeGreaterThan(0);
  });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPORTERS, exportModels, ROOT } from './environment.ts';
import { REFUSED } from './expected.ts';
import { proveExport } from './prove-export.ts';

const HOURS = 3_600_000;
/** Names of modules, separated by commas, to try only these. */
const ONLY = process.env.ONLY?.split(',');

describe.each(EXPORTERS)('$name', (exporter) => {
  it('exports its models', { timeout: 3 * HOURS }, () => exportModels(exporter));

  it.each(exporter.forms)(
    '%s: every model is proved, or refused for the reason listed',
    { timeout: 6 * HOURS },
    async (form) => {
      const models = path.join(ROOT, 'models', form);
      const names = (await readdir(models)).filter((name) => ONLY?.includes(name) ?? true).sort();
      const refused: Record<string, string> = {};
      const scratch = await mkdtemp(path.join(os.tmpdir(), 'quietproof-export-'));
      try {
        for (const name of names) {
          const { proved, reason } = await proveExport(path.join(models, name), scratch);
          console.log(`${form}  ${name.padEnd(26)} ${proved ? 'proved' : reason}`);
          if (!proved) refused[name] = reason!;
        }
      } finally {
        await rm(scratch, { recursive: true });
      }
      console.log(`${form}: ${names.length - Object.keys(refused).length} of ${names.length} proved`);
      const expected = Object.entries(REFUSED[form]!).filter(([name]) => names.includes(name));
      expect(Object.keys(refused)).toEqual(expected.map(([name]) => name));
      for (const [name, start] of expected) expect(refused[name]!.slice(0, start.length), name).toBe(start);
    },
  );
});

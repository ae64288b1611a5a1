import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALARM_CODES, ALARM_TITLES, WATCH_REFUSALS } from '../../src/client/index.ts';
import { clientErrors } from '../../src/errors/client-errors.ts';

const folder = new URL('../../src/client/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.startsWith('dist'),
);

test('the client imports only itself and the verifier, and nothing of Node', () => {
  expect(files.length).toBeGreaterThan(20);
  for (const name of files) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    for (const [, from] of source.matchAll(/(?:from |import\(?)'([^']+)'\)?;$/gm)) {
      expect(from, name).toMatch(
        /^(\.{1,2}\/([a-z0-9-]+\/)?[a-z0-9-]+\.ts|@quietproof\/verify(\/(log|seal))?)$/,
      );
    }
    expect(source, name).not.toMatch(/\b(eval|require|process|Buffer|new Function)\b\s*[(.]/);
  }
});

test('the registry has every code of the client, with the same title', () => {
  const alarms = Object.entries(ALARM_CODES).map(([kind, code]) => [
    code,
    ALARM_TITLES[kind as keyof typeof ALARM_CODES],
  ]);
  const registered = Object.entries(clientErrors).map(([code, { title }]) => [code, title]);
  expect(Object.fromEntries(registered)).toEqual({ ...WATCH_REFUSALS, ...Object.fromEntries(alarms) });
});

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../src/verify/', import.meta.url);
/** Without bin/, command/ (for Node) and examples/, which use the package, and dist/, which is its build. */
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !/^(bin|command|dist|examples)\b/.test(name),
);

test('the verifier imports only itself and noble, so that it runs wherever JavaScript does', () => {
  expect(files.length).toBeGreaterThan(25);
  for (const name of files) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    for (const [, from] of source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      expect(from, name).toMatch(
        /^(\.{1,2}\/([a-z0-9-]+\/)?[a-z0-9-]+\.ts|@noble\/(curves|hashes)\/[a-z0-9/.-]+\.js)$/,
      );
    }
    expect(source, name).not.toMatch(
      /\b(eval|require|process|Buffer|fetch|new Function|globalThis)\b\s*[(.]/,
    );
  }
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bundleInReceipt, fileJson, Refusal, verifyBundle } from '@quietproof/verify';
import { expect, test } from 'vitest';
import { readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { pageHtml } from '../../../src/export/browser/page-html.ts';
import { digestBundle, digestRecord } from '../../verify/support/corpus.ts';

const ASSETS = new URL('../../../dist/export/browser/assets/', import.meta.url);
const assets = await readPageAssets(ASSETS);
const bundle = new TextEncoder().encode(fileJson(digestBundle()));
const html = pageHtml({ bundle }, assets);

test('the policy is the first element of the head, and allows only this script and this style', () => {
  const head = /<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)?.[1];
  const hash = (tag: string) => {
    const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)![1]!;
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(head?.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hash('script')}`,
    `style-src ${hash('style')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test('one script, one style, no URL, no inline style or handler', () => {
  expect(html.match(/<script>/g)).toHaveLength(1);
  expect(html.match(/<style>/g)).toHaveLength(1);
  const body = html.replace(/<script>[\s\S]*?<\/script>/, '');
  expect(body).not.toMatch(/ (style|on[a-z]+|src|href=")=?"?https?:| on[a-z]+="| style="/);
  expect(assets.style).not.toMatch(/url\(|@import/);
  expect(assets.script).not.toMatch(/\beval\b|new Function|importScripts|fetch\(|XMLHttpRequest|innerHTML/);
});

test('a receipt is below 400 kB, and the verifier module below 72 kB gzipped', () => {
  expect(html.length).toBeLessThan(400_000);
  const module = readFileSync(new URL('quietproof-verify.mjs', ASSETS));
  expect(gzipSync(module).length).toBeLessThanOrEqual(72_000);
});

test('the bundle is recovered byte for byte, and checked inside its receipt', () => {
  expect(bundleInReceipt(html)).toEqual(bundle);
  expect(verifyBundle(html)).toEqual(verifyBundle(bundle));
  expect(verifyBundle(new TextEncoder().encode(html)).valid).toBe(true);
});

test('a page without a bundle, or with two, is refused', () => {
  const none = pageHtml({ model: new TextEncoder().encode(fileJson(digestRecord())) }, assets);
  expect(verifyBundle(none).code).toBe('QP7011');
  expect(verifyBundle(html + html).code).toBe('QP7011');
  expect(() => bundleInReceipt(html.slice(0, 2000))).toThrow(Refusal);
  expect(verifyBundle(html.replace('id="quietproof-bundle">', 'id="quietproof-bundle"> ')).code).toBe(
    'QP7011',
  );
  expect(verifyBundle(`<${'x'.repeat(2 ** 21)}`).code).toBe('QP7002');
});

test('pages and module contain no package except noble, and so no GPL code', () => {
  const inputs = JSON.parse(readFileSync(new URL('inputs.json', ASSETS), 'utf8')) as string[];
  const packages = new Set<string>();
  for (const input of inputs) {
    const found = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found === null) expect(input).toMatch(/^src\/(verify|export\/browser)\//);
    else packages.add(found[1]!);
  }
  expect([...packages].sort()).toEqual(['@noble/curves', '@noble/hashes']);
  for (const name of packages) {
    const manifest = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
    expect(JSON.parse(readFileSync(manifest, 'utf8')).license).toBe('MIT');
  }
  expect(inputs.some((input) => /snarkjs|circom|ffjavascript/.test(input))).toBe(false);
});

test('the module works by itself', async () => {
  const module = (await import(
    new URL('quietproof-verify.mjs', ASSETS).href
  )) as typeof import('@quietproof/verify');
  expect(module.verifyBundle(bundle).valid).toBe(true);
  expect(module.verifyMany([bundle, bundle]).map(({ valid }) => valid)).toEqual([true, true]);
});

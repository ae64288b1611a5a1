// How scripts with the verifier in them are bundled. Only our own code (MIT OR Apache-2.0) and noble (MIT) may be in them.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

// The MIT license must be included in every copy.
const licences = await Promise.all(
  ['curves', 'hashes'].map((name) => readFile(at(`node_modules/@noble/${name}/LICENSE`), 'utf8')),
);
export const LICENSE = [
  '/*! Quietproof verifier: SPDX-License-Identifier: MIT OR Apache-2.0.',
  ...licences.map((text, index) => `\nContains noble-${['curves', 'hashes'][index]}:\n\n${text.trim()}`),
  '*/',
].join('\n');

export const pageOptions = {
  bundle: true,
  minify: true,
  target: 'es2022',
  platform: 'browser',
  charset: 'ascii',
  legalComments: 'none',
  metafile: true,
  absWorkingDir: at('.'),
  alias: { '@quietproof/verify': at('src/verify/index.ts') },
};

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { checkConfig } from '../../src/cli/config/check-config.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { Shell } from '../../src/cli/shell.ts';
import { EXIT } from '../../src/errors/error-spec.ts';
import { ERROR_REGISTRY } from '../../src/errors/registry.ts';
import { LEARNED_OPERATORS } from '../../src/import/ml/operators.ts';
import { OPERATORS } from '../../src/import/onnx/operators.ts';
import { OPERATIONS } from '../../src/import/tfjs/graph-model/operations.ts';
import { LAYERS } from '../../src/import/tfjs/layers.ts';
import { parseCard } from '../../src/quantize/card.ts';
import { REFUSALS } from '../../src/verify/refusal.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { filesInDocs, GUIDES, OTHER_DOCUMENTS } from './documents.ts';
import { fencedBlocks, ROOT, readDocument, shellCommands } from './fenced-blocks.ts';

const COMMANDS = readDocument('docs/builder/commands.md');
const CREDIT = readDocument('docs/builder/credit-model.md');
const EXPORTING = readDocument('docs/builder/exporting-models.md');

describe('commands', () => {
  test('the table lists every command', async () => {
    const { stdout } = await runCli(['--help']);
    const existing = [...stdout.split('Commands:')[1]!.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    const listed = [...COMMANDS.matchAll(/^\| `quietproof (\w+)/gm)].map(([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(existing.filter((name) => name !== 'help')));
  });

  test.each(GUIDES)('every npm script named in %s exists', (document) => {
    for (const [, run, plain] of readDocument(document).matchAll(/npm (?:run ([\w:-]+)|(test)\b)/g)) {
      expect(Object.keys(packageJson.scripts)).toContain(run ?? plain);
    }
  });

  test('the exit codes are those of the commands', () => {
    const listed = [...COMMANDS.matchAll(/^\| +(\d+) \| /gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(EXIT));
  });

  test.each(GUIDES)('the error codes in %s exist', (document) => {
    const known = [...Object.keys(ERROR_REGISTRY), ...Object.keys(REFUSALS)];
    for (const [code] of readDocument(document).matchAll(/\bQP\d{4}\b/g)) expect(known).toContain(code);
  });
});

describe('what can be proved', () => {
  const [onnx = '', layers = '', graphModels = ''] = readDocument('docs/builder/what-can-be-proved.md').split(
    /^## TensorFlow\.js .*$/m,
  );
  const mentions = (text: string, name: string) => new RegExp(`\\b${name}\\b`).test(text);

  test.each([...Object.keys(OPERATORS), ...Object.keys(LEARNED_OPERATORS)])('ONNX %s is listed', (name) => {
    expect(mentions(onnx, name)).toBe(true);
  });

  test.each(Object.keys(OPERATIONS))('TensorFlow.js operation %s is listed', (name) => {
    expect(mentions(graphModels, name)).toBe(true);
  });

  test('every layer in it is supported', () => {
    const listed = layers.match(/\b[A-Z]\w+(?:[12]D|LU|tion|ling|ise|ge|um|te|pe|en|dd|se|ax)\b/g)!;
    for (const name of listed) expect(Object.keys(LAYERS)).toContain(name);
  });
});

describe('examples', () => {
  test('the configuration file is valid', async () => {
    const [config] = fencedBlocks(COMMANDS).filter(({ language }) => language === 'json');
    const program = await buildProgram(new Shell(process), process);
    checkConfig(JSON.parse(config!.text), program, 'quietproof.config.json');
  });

  test('the model card is valid', () => {
    const [card] = fencedBlocks(readDocument('docs/builder/data-and-cards.md')).filter(
      ({ language }) => language === 'json',
    );
    expect(parseCard(card!.text, 'card.json').classes).toHaveLength(3);
  });

  test('the export lines are those that were run with the frameworks', () => {
    const run = readdirSync(`${ROOT}test/slow/export-lines`)
      .filter((file) => file.endsWith('.py'))
      .flatMap((file) => exportLines(readDocument(`test/slow/export-lines/${file}`)));
    const shown = fencedBlocks(EXPORTING).filter(({ language }) => language === 'python');
    expect(shown.length).toBeGreaterThan(4);
    for (const { text, line } of shown) expect(run, `exporting-models.md:${line}`).toContain(text);
  });

  test('the credit model is trained by the lines that made its file', () => {
    const run = exportLines(readDocument('test/slow/sklearn/german_credit.py'));
    const [shown] = fencedBlocks(CREDIT).filter(({ language }) => language === 'python');
    expect(run).toEqual([shown!.text]);
  });

  test('the conversion to TensorFlow.js is the one that was run', () => {
    const convert = shellCommands(EXPORTING).find((line) => line.startsWith('tensorflowjs_converter'));
    expect(readDocument('test/slow/export-lines/keras_tfjs.py')).toContain(`'${convert}'`);
  });
});

describe.each([...GUIDES, ...OTHER_DOCUMENTS])('%s', (file) => {
  test('has no broken links', () => {
    for (const target of linkTargets(readDocument(file))) {
      if (/^(https?|mailto):/.test(target)) continue;
      const [linked, anchor] = target.split('#') as [string, string | undefined];
      const document = linked === '' ? file : path.posix.join(path.posix.dirname(file), linked);
      expect(existsSync(path.join(ROOT, document)), target).toBe(true);
      if (anchor !== undefined) expect(anchors(readDocument(document)), target).toContain(anchor);
    }
  });
});

test('every file in docs/ is a guide whose commands are run', () => {
  expect(GUIDES).toEqual(expect.arrayContaining(filesInDocs()));
});

test('README.md is one page', () => {
  expect(readDocument('README.md').length).toBeLessThan(6000);
});

test('models/README.md lists all models', () => {
  const listed = [...readDocument('models/README.md').matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
  const existing = readdirSync(`${ROOT}models`).filter((name) => name !== 'README.md');
  expect(listed.sort()).toEqual(existing.sort());
});

/** Targets of all links, and of pictures in Markdown or HTML. */
function linkTargets(markdown: string): string[] {
  return Array.from(
    markdown.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g),
    ([, link, source]) => (link ?? source)!,
  );
}

/** The lines between `# docs:` and `# end`, without their indentation. */
function exportLines(source: string): string[] {
  return Array.from(source.matchAll(/^( *)# docs:.*\n([\s\S]*?)^ *# end$/gm), ([, indent, text]) =>
    text!
      .split('\n')
      .map((line) => line.replace(indent!, ''))
      .join('\n'),
  );
}

/** The anchors of all headings, as GitHub generates them. */
function anchors(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^#+ (.*)$/gm), ([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

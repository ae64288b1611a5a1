import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { EXIT } from '../../src/errors/error-spec.ts';
import { ERROR_REGISTRY } from '../../src/errors/registry.ts';
import { OPERATORS } from '../../src/import/onnx/operators.ts';
import { LAYERS } from '../../src/import/tfjs/layers.ts';
import { parseCard } from '../../src/quantize/card.ts';
import { REFUSALS } from '../../src/verify/refusal.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { fencedBlocks, ROOT, readDocument, shellCommands, words } from './fenced-blocks.ts';

const README = readDocument('README.md');

describe('commands', () => {
  test('the table lists every command', async () => {
    const { stdout } = await runCli(['--help']);
    const existing = [...stdout.split('Commands:')[1]!.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    const listed = [...README.matchAll(/^\| `quietproof (\w+)/gm)].map(([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(existing.filter((name) => name !== 'help')));
  });

  test('every option in it exists', async () => {
    for (const command of shellCommands(README).filter((line) => line.startsWith('npx quietproof'))) {
      const [, , name, ...rest] = words(command);
      const { stdout } = await runCli([name!, '--help']);
      for (const option of rest.filter((word) => word.startsWith('--'))) {
        expect(stdout, `${option} of ${name}`).toContain(option);
      }
    }
  });

  test('every npm script in it exists', () => {
    const named = [...README.matchAll(/npm (?:run ([\w:]+)|(test)\b)/g)].map(
      ([, run, plain]) => run ?? plain,
    );
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(Object.keys(packageJson.scripts)).toContain(name);
  });

  test('the exit codes are those of the commands', () => {
    const listed = [...README.matchAll(/^\| +(\d+) \| /gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(EXIT));
  });

  test('the error codes in it exist', () => {
    const known = [...Object.keys(ERROR_REGISTRY), ...Object.keys(REFUSALS)];
    for (const [code] of README.matchAll(/\bQP\d{4}\b/g)) expect(known).toContain(code);
  });
});

describe('what can be proved', () => {
  const section = README.split('## What can be proved')[1]!.split('\n## ')[0]!;
  const [onnx, tfjs] = section.split('TensorFlow.js layers') as [string, string];

  test.each(Object.keys(OPERATORS))('ONNX %s is listed', (name) => {
    expect(onnx).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('every layer in it is supported', () => {
    const listed = tfjs.match(/\b[A-Z]\w+(?:[12]D|LU|tion|ling|ise|ge|um|te|pe|en|dd|se|ax)\b/g)!;
    for (const name of listed.filter((word) => !/^(Not|TensorFlow)$/.test(word))) {
      expect(Object.keys(LAYERS)).toContain(name);
    }
  });
});

describe('examples', () => {
  test('the model card is valid', () => {
    const [card] = fencedBlocks(README).filter(({ language }) => language === 'json');
    expect(parseCard(card!.text, 'card.json').classes).toHaveLength(3);
  });

  test('the export lines are those that were run with the frameworks', () => {
    const run = readdirSync(`${ROOT}test/slow/export-lines`)
      .filter((file) => file.endsWith('.py'))
      .flatMap((file) => exportLines(readDocument(`test/slow/export-lines/${file}`)));
    const shown = fencedBlocks(README).filter(({ language }) => language === 'python');
    expect(shown.length).toBeGreaterThan(4);
    for (const { text, line } of shown) expect(run, `README.md:${line}`).toContain(text);
  });

  test('the conversion to TensorFlow.js is the one that was run', () => {
    const convert = shellCommands(README).find((line) => line.startsWith('tensorflowjs_converter'));
    expect(readDocument('test/slow/export-lines/keras_tfjs.py')).toContain(`'${convert}'`);
  });
});

describe.each(['README.md', 'src/README.md', 'native/README.md', 'models/README.md', 'artifacts/README.md'])(
  '%s',
  (file) => {
    test('has no broken links', () => {
      const document = readDocument(file);
      for (const [, target] of document.matchAll(/\]\(([^)]+)\)/g)) {
        if (/^https?:/.test(target!)) continue;
        const [linked, anchor] = target!.split('#') as [string, string | undefined];
        if (linked !== '') expect(existsSync(path.join(ROOT, path.dirname(file), linked)), target).toBe(true);
        else expect(anchors(document), target).toContain(anchor);
      }
    });
  },
);

test('models/README.md lists all models', () => {
  const listed = [...readDocument('models/README.md').matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
  const existing = readdirSync(`${ROOT}models`).filter((name) => name !== 'README.md');
  expect(listed.sort()).toEqual(existing.sort());
});

/** The lines between `# README:` and `# end`, without their indentation. */
function exportLines(source: string): string[] {
  return Array.from(source.matchAll(/^( *)# README:.*\n([\s\S]*?)^ *# end$/gm), ([, indent, text]) =>
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

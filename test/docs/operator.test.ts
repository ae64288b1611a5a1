import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { Shell } from '../../src/cli/shell.ts';

const read = (name: string) => readFileSync(`docs/operator/${name}`, 'utf8');

async function optionsOfServe(): Promise<readonly string[]> {
  const program = await buildProgram(new Shell(process), process, ['serve']);
  return program.commands.find((command) => command.name() === 'serve')!.options.map(({ long }) => long!);
}

it('the page for operators names every option of serve', async () => {
  const own = (await optionsOfServe()).filter(
    (name) => !['--json', '--verbose', '--timings', '--config'].includes(name),
  );
  for (const name of own) expect(read('README.md')).toContain(`\`${name}`);
});

it('the image passes the linter, and drops root before it starts', () => {
  expect(validate(read('Dockerfile'))).toEqual([]);
  const lines = read('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const words = lines.map((line) => line.split(' ')[0]);
  expect(words[0]).toBe('FROM');
  expect(lines[0]).toMatch(/:\d+-[\w-]+$/);
  expect(lines.filter((line) => /npm (?!ci --omit=dev|cache)/.test(line))).toEqual([]);
  // A secret is mounted, and never a part of the image.
  expect(lines.filter((line) => /^(?:ENV|COPY|ADD|ARG) .*(?:pem|key|secret|token)/i.test(line))).toEqual([]);
  expect(words.lastIndexOf('USER')).toBeGreaterThan(words.lastIndexOf('RUN'));
  expect(words.lastIndexOf('USER')).toBeLessThan(words.indexOf('ENTRYPOINT'));
});

it('image and unit start the command with options that it has', async () => {
  const options = await optionsOfServe();
  const listed = ['ENTRYPOINT', 'CMD'].flatMap((word) => {
    const [, json] = new RegExp(`^${word} (.*)$`, 'm').exec(read('Dockerfile'))!;
    return JSON.parse(json!) as string[];
  });
  const started = /^ExecStart=(.*)$/m.exec(read('quietproof.service'))![1]!.split(' ');
  for (const words of [listed, started]) {
    expect(words).toContain('serve');
    const given = words.filter((word) => /^--(?!no-install)/.test(word));
    expect(given.filter((word) => !options.includes(word))).toEqual([]);
  }
});

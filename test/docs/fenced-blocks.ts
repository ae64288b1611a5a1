import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface FencedBlock {
  readonly language: string;
  readonly text: string;
  /** Line number of the block, counted from 1, for messages. */
  readonly line: number;
}

export function readDocument(file: string): string {
  return readFileSync(`${ROOT}${file}`, 'utf8');
}

/** The fenced code blocks of a Markdown document, in order. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  return Array.from(markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm), ({ 1: language, 2: text, index }) => ({
    language: language!,
    text: text!,
    line: markdown.slice(0, index).split('\n').length,
  }));
}

/** The commands in all shell blocks. Continued lines are joined. */
export function shellCommands(markdown: string): string[] {
  return fencedBlocks(markdown)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').trim().split('\n'));
}

/** The words of a command line. Blanks inside double quotes do not separate words. */
export function words(command: string): string[] {
  return Array.from(command.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain!);
}

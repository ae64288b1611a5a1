import { readFile, writeFile } from 'node:fs/promises';

/** Replaces the text between `<!-- name:begin -->` and `<!-- name:end -->` in a Markdown file. */
export async function putBetweenMarks(file: string, name: string, text: string): Promise<void> {
  await writeFile(file, betweenMarks(await readFile(file, 'utf8'), name, text, file));
}

/** @throws Error with `file` if the marks are missing */
export function betweenMarks(content: string, name: string, text: string, file: string): string {
  const marks = new RegExp(`(<!-- ${name}:begin -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!marks.test(content)) throw new Error(`${file} has no <!-- ${name}:begin --> and <!-- ${name}:end -->`);
  return content.replace(marks, (_, begin, end) => `${begin}\n${text}\n${end}`);
}

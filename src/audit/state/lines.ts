import { createReadStream } from 'node:fs';

export interface TextLine {
  /** Without its end. */
  readonly text: string;
  /** Bytes of the file up to the end of the line. */
  readonly end: number;
}

const LINE_FEED = 0x0a;

/** The lines of a file that have an end, and none if there is no file. @throws the error of the system */
export async function* linesOf(file: string, start = 0): AsyncGenerator<TextLine> {
  const rest: Buffer[] = [];
  let end = start;
  try {
    for await (const chunk of createReadStream(file, { start }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
        rest.push(chunk.subarray(from, at));
        const line = Buffer.concat(rest.splice(0));
        end += line.length + 1;
        yield { text: line.toString('utf8'), end };
        from = at + 1;
      }
      rest.push(chunk.subarray(from));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AnnouncedFile } from '../../ceremony/rounds/round-types.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { syncFolder } from '../../store/durable-file.ts';

/**
 * Streams content to a file, which appears under its name only when it is whole, is what was announced, and is on disk.
 *
 * @throws QuietproofError QP6504 (other content than announced); the stream's own errors
 */
export async function receiveFile(
  content: Readable,
  file: string,
  expected: AnnouncedFile,
  signal: AbortSignal,
): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`,
  );
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(
      content,
      async function* counted(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          if (bytes > expected.bytes) throw otherContent(`more than the ${expected.bytes} bytes announced`);
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(temporary, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
    if (bytes !== expected.bytes) throw otherContent(`${bytes} bytes of ${expected.bytes}`);
    if (hash.digest('hex') !== expected.sha256) throw otherContent('its sha256 differs');
    const handle = await open(temporary, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function otherContent(why: string): QuietproofError {
  return new QuietproofError('QP6504', { what: `The content is not what was announced: ${why}` });
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type PassThrough, Readable, Transform } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ArchivedFile } from './archive-manifest.ts';

/** A file for an archive: where it is, or its content. */
export interface ArchiveEntry {
  readonly path: string;
  readonly source: { readonly file: string } | { readonly content: string | Uint8Array };
}

/**
 * Streams a zip file, uncompressed: readable by the plainest tools in ten years, and the same bytes on every machine.
 *
 * @param last makes the last entry from the digests of the others, which are known only when they have been read
 */
export function zipStream(
  entries: readonly ArchiveEntry[],
  last: { readonly path: string; readonly contentOf: (files: readonly ArchivedFile[]) => string },
): Readable {
  const zip = new ZipFile();
  const files: ArchivedFile[] = [];
  for (const { path, source } of entries) {
    zip.addReadStreamLazy(path, OPTIONS, (give) => {
      const measured = measuring((bytes, sha256) => files.push({ path, bytes, sha256 }));
      const read =
        'file' in source ? createReadStream(source.file) : Readable.from([Buffer.from(source.content)]);
      // yazl fails the whole archive where a stream fails.
      read.on('error', (error: Error) => measured.destroy(error));
      give(null, read.pipe(measured));
    });
  }
  zip.addReadStreamLazy(last.path, OPTIONS, (give) =>
    give(null, Readable.from([Buffer.from(last.contentOf(files))])),
  );
  const output = zip.outputStream as PassThrough;
  zip.on('error', (error: Error) => output.destroy(error));
  zip.end();
  return output;
}

/** No times and no owners: the first moment that the format has. */
const OPTIONS = { compress: false, mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };

function measuring(done: (bytes: number, sha256: string) => void): Transform {
  const hash = createHash('sha256');
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, next) {
      hash.update(chunk);
      bytes += chunk.length;
      next(null, chunk);
    },
    flush(next) {
      done(bytes, hash.digest('hex'));
      next();
    },
  });
}

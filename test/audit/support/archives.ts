import { gzipSync } from 'node:zlib';
import { ZipFile } from 'yazl';
import type { Files } from './audit-of.ts';

export interface ZipOptions {
  readonly compress?: boolean;
  /** Modes of Unix, by path. */
  readonly modes?: Readonly<Record<string, number>>;
}

export async function zipOf(files: Files, { compress = true, modes = {} }: ZipOptions = {}): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, { compress, mode: modes[name] ?? 0o100644 });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Exchanges a name for another one of as many bytes, in the archive's own places for names. */
export function renamedIn(archive: Buffer, from: string, to: string): Buffer {
  const changed = Buffer.from(archive);
  for (let at = changed.indexOf(from); at !== -1; at = changed.indexOf(from, at + 1)) changed.write(to, at);
  return changed;
}

const BLOCK = 512;

/** A header and content of a tar archive. */
export function tarEntry(name: string, content: string | Uint8Array, type = '0'): Buffer {
  const data = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

/** As `renamedIn`, with the checksum of the header. */
export function renamedTar(archive: Buffer, from: string, to: string): Buffer {
  const changed = renamedIn(archive, from, to);
  for (let at = changed.indexOf(to); at !== -1; at = changed.indexOf(to, at + 1)) {
    const header = changed.subarray(at, at + BLOCK);
    header.write('        ', 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  }
  return changed;
}

export const TAR_END = Buffer.alloc(2 * BLOCK);

export function tarOf(files: Files): Buffer {
  return Buffer.concat([...Object.entries(files).map(([name, content]) => tarEntry(name, content)), TAR_END]);
}

export function tarGzOf(files: Files): Buffer {
  return gzipSync(tarOf(files));
}

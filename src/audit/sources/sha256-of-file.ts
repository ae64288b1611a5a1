import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** @returns in hex; @throws the error of the system */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

import path from 'node:path';
import { Refusal } from '@quietproof/verify';
import type { FoundEntry, FoundEvidence } from './audit-source.ts';

/** An entry that is not read. */
export function refusedEntry(inSource: string, isRecord: boolean, refused: Refusal): FoundEntry {
  return { path: inSource, isRecord, refused, read: async () => refused };
}

/** A folder that cannot be entered, or an archive that ends before its end: what is in the rest is not known. */
export function unreadRest(inSource: string, refused: Refusal): FoundEntry {
  return { ...refusedEntry(inSource, false, refused), unread: 'source-damaged' };
}

/** A tile, or a bundle of entries, and the folder of its log. */
const TILE = /^((?:.*\/)?)tile\/(?:\d+|entries)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/;
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;

/** Whether a file is named like an archive that an audit would open if it were named. */
export function isArchiveName(name: string): boolean {
  return ARCHIVE.test(name);
}

/** An archive that nobody named: archives in archives have no end. */
export function unopenedArchive(inSource: string): FoundEntry {
  const refused = new Refusal('QP7013', { where: `${inSource}: an archive in a source, not opened` });
  return { ...refusedEntry(inSource, false, refused), unread: 'archive-not-opened' };
}

/** Collects the files that say something about logs. */
export class EvidenceList implements FoundEvidence {
  readonly checkpoints: string[] = [];
  readonly timestamps: string[] = [];
  readonly logs = new Set<string>();

  add(inSource: string): void {
    const tile = TILE.exec(inSource);
    if (tile !== null) this.logs.add(tile[1] ?? '');
    else if (path.posix.basename(inSource) === 'checkpoint') this.checkpoints.push(inSource);
    else if (inSource.endsWith('.tsr')) this.timestamps.push(inSource);
  }

  clear(): void {
    this.checkpoints.length = 0;
    this.timestamps.length = 0;
    this.logs.clear();
  }
}

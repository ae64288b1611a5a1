import { checkedLine, type Extent, readCheckedLine, splitLines } from '../../../store/checked-lines.ts';
import type { StoredRecord } from './answer-store.ts';

/** First line of a segment. */
export interface SegmentHeader {
  readonly version: typeof SEGMENT_VERSION;
  /** Number of its first record in the series. */
  readonly first: number;
  /** Index of the next entry of the log when the segment was begun. */
  readonly next: number;
  /** Time of the last entry by then: entries of a log never go back in time, even when all before are erased. */
  readonly time: number;
  /** The segment before, to which nothing is added any more; undefined for the first of the series. */
  readonly before?: ClosedSegment;
}

/** What is known of a segment without reading its lines. */
export interface ClosedSegment {
  /** Number of its first record. */
  readonly first: number;
  /** In bytes. */
  readonly size: number;
  /** The latest of its records' times. */
  readonly time: number;
}

export const SEGMENT_VERSION = 'quietproof/sealed-answers/v1';

/** A record in its series, with what tells a group that was never finished from damage. */
export interface Line {
  /** 0 for the first record of the series. */
  readonly number: number;
  /** Number of the first record of its group in this series. */
  readonly group: number;
  /** Index of the next entry of the log when its group began. */
  readonly base: number;
  readonly record: StoredRecord;
}

export function headerLine(header: Omit<SegmentHeader, 'version'>): string {
  return checkedLine({ version: SEGMENT_VERSION, ...header });
}

export function recordLine({ number, group, base, record }: Line): string {
  return checkedLine([number, group, base, record]);
}

export interface ReadSegment {
  readonly header: SegmentHeader;
  readonly lines: readonly (Line & Extent)[];
  /** Length of what can be read, from the beginning. */
  readonly whole: number;
  /** What follows was made durable before something else, so that a crash does not explain why it cannot be read. */
  readonly damaged: boolean;
}

/** @returns undefined for a line that is no header */
export function readHeader(line: Buffer): SegmentHeader | undefined {
  const header = readCheckedLine(line) as SegmentHeader | undefined;
  return header?.version === SEGMENT_VERSION ? header : undefined;
}

/**
 * Reads a segment up to the first line that cannot be read.
 *
 * A group is written only after the one before is durable. So a crash can tear lines of one group, the last, and no others:
 * a line behind them whose group began later shows that they were durable.
 *
 * @returns undefined if the header cannot be read
 */
export function readSegment(content: Buffer): ReadSegment | undefined {
  const [first, ...rest] = splitLines(content);
  const header = first && readHeader(first.line);
  if (first === undefined || header === undefined) return undefined;
  const lines: (Line & Extent)[] = [];
  let [whole, damaged] = [first.length, false];
  let isTorn = false;
  for (const { line, offset, length } of rest) {
    const read = lineOf(readCheckedLine(line));
    const expected = header.first + lines.length;
    if (read?.number === expected && !isTorn) {
      lines.push({ ...read, offset, length });
      whole = offset + length;
    } else {
      isTorn = true;
      damaged ||= read !== undefined && read.group > expected;
    }
  }
  return { header, lines, whole, damaged };
}

/** @param json content of a checked line */
export function lineOf(json: unknown): Line | undefined {
  if (!Array.isArray(json)) return undefined;
  const [number, group, base, record] = json as [number, number, number, StoredRecord];
  return { number, group, base, record };
}

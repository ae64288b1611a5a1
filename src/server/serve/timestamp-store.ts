/** A checkpoint that an authority has timestamped. */
export interface Timestamped {
  readonly size: number;
  /** Seconds since 1970: the checkpoint existed by then. */
  readonly time: number;
  /** Its name. */
  readonly authority: string;
  /** With signatures; the timestamp is of its text, without them. */
  readonly checkpoint: string;
  /** A TimeStampResp in DER. */
  readonly timestamp: Uint8Array;
}

/** When an authority has timestamped which tree. */
export type TimestampPlace = Pick<Timestamped, 'size' | 'time' | 'authority'>;

/** Keeps timestamps, which are public as the log is: readers find them beside it. */
export interface TimestampStore {
  /** The last one of each authority. */
  last(): Promise<readonly TimestampPlace[]>;
  /** Resolves when it is durable, and on the list. If it throws, nothing is listed. */
  add(one: Timestamped): Promise<void>;
}

/** In the folder of the log; files are named from here. */
export const TIMESTAMP_FOLDER = 'timestamp';
/** Has a line for each timestamp, in the order in which they came. */
export const TIMESTAMP_LIST = 'list';

/** Where a timestamp and its checkpoint are. */
export function timestampFilesOf({ size, authority }: Pick<TimestampPlace, 'size' | 'authority'>) {
  return { checkpoint: `${size}/checkpoint`, timestamp: `${size}/${authority.replace(/[^\w.-]/g, '_')}.tsr` };
}

/** A line of the list, with its end. */
export function listLine({ size, time, authority }: TimestampPlace): string {
  return `${JSON.stringify({ size, time, authority, ...timestampFilesOf({ size, authority }) })}\n`;
}

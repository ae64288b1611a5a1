import type { OutputOptions, Shell } from '../shell.ts';

export interface ExportWords extends OutputOptions {
  readonly target: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** One thing that `export --target` makes. */
export interface ExportTarget {
  readonly name: string;
  /** What it makes, in a few words, for the help. */
  readonly makes: string;
  /** A command line that works as it stands. */
  readonly example: string;
  /** @param subject an artifact folder, or a bundle: as the target takes it */
  write(shell: Shell, subject: string, words: ExportWords): Promise<void>;
}

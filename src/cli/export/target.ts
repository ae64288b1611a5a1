import type { OutputOptions, Shell } from '../shell.ts';

export interface ExportWords extends OutputOptions {
  readonly target: string;
  readonly out?: string;
  readonly force?: boolean;
  /** Only for the target `vouching`. */
  readonly trust?: string;
  readonly statements?: readonly string[];
  readonly at?: string;
}

/** One target of `export --target`. */
export interface ExportTarget {
  readonly name: string;
  /** What it writes or prints, in a few words for the help. */
  readonly makes: string;
  /** A command line that works as shown. */
  readonly example: string;
  /** @param subject an artifact folder or a bundle, depending on the target */
  write(shell: Shell, subject: string, words: ExportWords): Promise<void>;
}

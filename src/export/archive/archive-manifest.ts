/** What an archive contains, `manifest.json`: canonical JSON, without times, so the same files give the same archive. */
export interface ArchiveManifest {
  readonly version: 'quietproof/archive/v1';
  /** All files of the archive but this one, in the order of their paths. */
  readonly files: readonly ArchivedFile[];
  readonly records: CheckedRecords;
  /** Files of the folder that are not in the archive. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

export interface ArchivedFile {
  /** Within the archive, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What our own verifier found when the archive was made, without expecting any model. Nobody has to believe it. */
export interface CheckedRecords {
  readonly bundles: number;
  readonly models: readonly { readonly modelId: string; readonly bundles: number }[];
  /** Bundles that were not valid: they are evidence too, and are archived with the others. */
  readonly notValid: readonly { readonly path: string; readonly why: string }[];
}

/** Folders and files of an archive. */
export const ARCHIVE = {
  howTo: 'HOW-TO-CHECK.txt',
  manifest: 'manifest.json',
  records: 'records',
  tools: 'tools',
} as const;

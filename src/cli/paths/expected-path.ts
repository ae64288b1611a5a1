import type { FoundPath } from './found-path.ts';
import {
  aBundle,
  aDataFile,
  aKeyFile,
  aModelFile,
  anArtifact,
  itsOpening,
  type PathFix,
  pinnedModel,
  provedRows,
} from './path-fixes.ts';
import type { PathPlaceholder } from './placeholders.ts';

/** What a command reads at a path. */
export interface ExpectedPath {
  /** Completes "…, not ". */
  readonly words: string;
  /** Whether the command itself can judge it, by its content if need be. */
  readonly takes: readonly FoundPath[];
  readonly fix: PathFix;
}

const RECORDED = ['artifact', 'proofs', 'record'] as const;

/** The kinds that can be told apart. Where a placeholder has none, only existence is checked. */
export const EXPECTED: Readonly<Record<ExpectedKind, ExpectedPath>> = {
  model: { words: 'a model', takes: ['model', 'folder'], fix: aModelFile },
  'model-or-artifact': {
    words: 'a model or an artifact',
    takes: ['model', 'folder', 'artifact'],
    fix: aModelFile,
  },
  artifact: { words: 'an artifact', takes: ['artifact'], fix: anArtifact },
  'artifact-or-zkey': { words: 'an artifact or a key', takes: ['artifact', 'zkey'], fix: anArtifact },
  'artifact-or-bundle': {
    words: 'an artifact or a proof bundle',
    takes: [...RECORDED, 'folder', 'bundle'],
    fix: anArtifact,
  },
  'artifact-or-proofs': {
    words: 'an artifact or a folder of proofs',
    takes: [...RECORDED, 'folder'],
    fix: anArtifact,
  },
  'artifact|id': { words: 'the artifact or id of a model', takes: [...RECORDED, 'folder'], fix: pinnedModel },
  bundle: { words: 'one proof bundle', takes: ['bundle'], fix: aBundle },
  bundles: {
    words: 'proofs',
    takes: ['bundle', 'receipt', 'proofs', 'folder', 'record'],
    fix: provedRows,
  },
  data: { words: 'rows of data', takes: ['data'], fix: aDataFile },
  opening: { words: 'the opening of a proof', takes: ['opening'], fix: itsOpening },
  zkey: { words: 'a proving key', takes: ['zkey'], fix: aKeyFile },
};

export type ExpectedKind = 'artifact-or-proofs' | Extract<PathPlaceholder, KindPlaceholder>;

type KindPlaceholder =
  | 'model'
  | 'model-or-artifact'
  | 'artifact'
  | 'artifact-or-zkey'
  | 'artifact-or-bundle'
  | 'artifact|id'
  | 'bundle'
  | 'bundles'
  | 'data'
  | 'opening'
  | 'zkey';

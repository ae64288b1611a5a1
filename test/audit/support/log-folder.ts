import {
  type BundleV2,
  contextSignal,
  fileJson,
  openEnvelopeV2,
  type ThinBundleV2,
} from '@quietproof/verify';
import { checkpointText, logProofText, TileTree } from '@quietproof/verify/log';
import {
  ENTRY_VERSION,
  entryBytes,
  entryText,
  type LogEntry,
  sealContextId,
  sealSidecar,
} from '@quietproof/verify/seal';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { RightEdge } from '../../../src/log/right-edge.ts';
import { noteLine } from '../../conformance/make/v2/log.ts';
import { keyOf } from '../../conformance/make/v2/trust/signing.ts';
import { answerEntry, NONCE, ORIGIN, START } from '../../verify/seal/support/sealed.ts';
import { MixedModel, ORDER_7 } from '../../verify/support/mixed-model.ts';
import type { Files } from './audit-of.ts';

const signer = noteSigner('log.example', 'note', keyOf('log'));

/** A record that was made for a place in the log, and its entry there. */
export interface PlacedRecord {
  readonly bundle: BundleV2 | ThinBundleV2;
  readonly entry: LogEntry;
  readonly index: number;
  /** Default: NONCE. */
  readonly nonce?: string;
}

/** An answer of a model, made for a place in the log. */
export class PlacedAnswer {
  readonly bundle: ReturnType<MixedModel['bundle']>;
  readonly entry: LogEntry;
  readonly index: number;
  readonly modelId: string;

  constructor(index: number, { time = START, model = MODEL }: { time?: number; model?: MixedModel } = {}) {
    const contextId = sealContextId({ origin: ORIGIN, index }, NONCE);
    const context = contextSignal(ORDER_7, new Uint8Array(Buffer.from(contextId, 'hex')));
    this.bundle = model.bundle(model.signals(context), { contextId });
    this.entry = answerEntry(openEnvelopeV2(this.bundle.statement).leaf, time);
    this.index = index;
    this.modelId = this.bundle.model!.ids.modelId;
  }
}

export const MODEL = new MixedModel();
export const MODEL_ID = new PlacedAnswer(0).modelId;

export function announcement(
  modelId: string,
  { time = START, version = '1.0', retires }: { time?: number; version?: string; retires?: string[] } = {},
): LogEntry {
  const policy = { prove: 'on-demand' as const, within: 3600, retention: 86_400 };
  const more = retires === undefined ? {} : { retires };
  return {
    version: ENTRY_VERSION,
    kind: 'model',
    time,
    modelId,
    name: 'm',
    modelVersion: version,
    ...more,
    policy,
  };
}

/** Those whose keys sign checkpoints in tests, by the names of their keys, and when they do. */
export interface Cosigners {
  readonly names: readonly string[];
  readonly time: number;
}

/** A log in memory, as the files that one has on disk. */
export class LogFolder {
  readonly entries: readonly LogEntry[];
  readonly #cosigners: Cosigners;
  readonly #edge = new RightEdge();
  readonly #files: Map<string, Uint8Array>;

  constructor(entries: readonly LogEntry[], cosigners: Cosigners = { names: [], time: START }) {
    this.entries = entries;
    this.#cosigners = cosigners;
    this.#files = this.#edge.append(entries.map(entryBytes));
  }

  async checkpoint(): Promise<string> {
    const text = checkpointText(ORIGIN, { size: this.entries.length, root: await this.#edge.root() });
    const { names, time } = this.#cosigners;
    const seen = names.map((name) => noteLine(`${name}.example`, name, text, time)).join('');
    return `${text}\n${signer.signatureLine(text)}${seen}`;
  }

  async files(folder = 'log'): Promise<Files> {
    const files = Array.from(this.#files, ([name, content]) => [`${folder}/${name}`, content] as const);
    return { ...Object.fromEntries(files), [`${folder}/checkpoint`]: await this.checkpoint() };
  }

  /** The answer's record, with the proof that the log has it. */
  async record({ index, bundle, entry, nonce = NONCE }: PlacedRecord): Promise<string> {
    const tiles = new TileTree(this.entries.length, async (place) => {
      const { level, index: at, width } = place;
      return this.#files.get(`tile/${level}/${String(at).padStart(3, '0')}.p/${width}`)!;
    });
    const proof = logProofText({
      index,
      path: await tiles.inclusionPath(index),
      checkpoint: await this.checkpoint(),
    });
    const { statementDigest } = openEnvelopeV2(bundle.statement);
    const logProof = sealSidecar({ entry: entryText(entry), nonce, proof }, statementDigest);
    return fileJson({ ...bundle, sidecars: { logProof } });
  }
}

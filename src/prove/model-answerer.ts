import { randomBytes } from 'node:crypto';
import {
  type AnyModelRecord,
  contextSignal,
  decodeAnswers,
  type Envelope,
  INPUT_MODES,
  joinSignals,
  type ModelRecordV2,
  type NamedAnswer,
  type Reading,
  type RowValue,
  readingOf,
  StatementMaker,
  saltFor,
} from '@quietproof/verify';
import { damaged, readArtifactFile } from '../artifact/artifact-file.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { openProvableArtifact, type ProvableArtifact } from '../artifact/provable-artifact.ts';
import { readIntegerGraph } from '../artifact/read-integer-graph.ts';
import { requireSameInput } from '../artifact/same-input.ts';
import { sealStatementV2 } from '../bundle/assemble-bundle.ts';
import { drawSalt } from '../bundle/make-opening.ts';
import { INPUT_CIRCUITS } from '../circuit/input-modes/input-modes.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { computeBounds, executeInteger, valueCount } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import type { ProveJob } from '../prover/prove-job.ts';
import { type EncodedRow, encodeGivenRow } from './encode-rows.ts';

/** What the model says about one row. */
export interface ModelAnswer {
  readonly row: EncodedRow;
  /** The output signals of a proof of it, in order. */
  readonly signals: readonly bigint[];
}

/** An answer with all that its proof will state: keep it, and the proof can be made at any time. */
export interface StatedAnswer extends ModelAnswer {
  /** Opens the digest of the input; null where the input is public. */
  readonly salt: bigint | null;
  /** The public signal of the context. */
  readonly context: bigint;
  readonly publicSignals: readonly string[];
  /** The statement that the bundle carries. */
  readonly statement: Envelope;
  /** The digest of the statement in hex: no other answer has it, and it says nothing about the row. */
  readonly id: string;
  /** What a log stores of the statement, in hex. */
  readonly leaf: string;
}

export interface StatedContext {
  /** Chosen by the caller; empty if omitted. */
  readonly callerPart?: Uint8Array;
  /** The record's own part: 32 bytes in hex. Default: random. */
  readonly contextId?: string;
}

/**
 * A model that answers at once, with the numbers that will be proved: the integer executor computes them, so an answer
 * never differs from its proof. It proves nothing itself; `jobOf` is what a `ProverPool` of the same artifact takes.
 *
 * @example
 * const model = await ModelAnswerer.open('artifacts/credit');
 * const stated = model.state(model.answer(model.encode(row)));
 * const proved = await pool.prove(model.jobOf(stated));
 */
export class ModelAnswerer {
  readonly artifactDir: string;
  readonly model: AnyModelRecord;
  /** The interface, as verifiers interpret it. */
  readonly reading: Reading;
  /** Size of the proving key in bytes. */
  readonly zkeyBytes: number;
  readonly #grid: ProvableArtifact['grid'];
  readonly #graph: IntegerGraph;
  /** The lowest value of each output. */
  readonly #lowest: readonly number[];
  readonly #inputFields: (integers: ArrayLike<number>, salt: bigint | null) => bigint[];
  readonly #values: Float64Array;
  #statements: StatementMaker | undefined;

  private constructor(
    artifactDir: string,
    { model, grid, zkeyBytes }: ProvableArtifact,
    graph: IntegerGraph,
  ) {
    this.artifactDir = artifactDir;
    this.model = model;
    this.reading = readingOf(model.interface);
    this.zkeyBytes = zkeyBytes;
    this.#grid = grid;
    this.#graph = graph;
    const { lo } = computeBounds(graph);
    this.#lowest = Array.from(graph.statement.outputs, (id) => lo[id]!);
    this.#inputFields = INPUT_CIRCUITS[graph.statement.input].plan(graph).fields;
    this.#values = new Float64Array(valueCount(graph));
  }

  /** @throws QP6101 to QP6104 the artifact cannot prove; QP4601 to QP4603, QP4606, QP5035 a file is damaged */
  static async open(
    artifactDir: string,
    options: { readonly paranoid?: boolean } = {},
  ): Promise<ModelAnswerer> {
    const artifact = await openProvableArtifact(artifactDir, options);
    const file = await readArtifactFile(artifactDir, ARTIFACT.integerGraph);
    if (file === undefined) throw damaged(ARTIFACT.integerGraph, 'it is missing');
    const graph = readIntegerGraph(file);
    requireSameInput(readingOf(artifact.model.interface).input, graph);
    return new ModelAnswerer(artifactDir, artifact, graph);
  }

  /**
   * @param row flat: numbers, and texts for categories, `NaN` and the infinities where the model takes them
   * @param index names the row in messages
   * @throws QP6201 it has other values than the model takes; QP1117 a value is off a declared grid
   */
  encode(row: readonly RowValue[], index = 0): EncodedRow {
    return encodeGivenRow(this.reading.input, row, index, this.#grid);
  }

  answer(row: EncodedRow): ModelAnswer {
    executeInteger(this.#graph, row.integers, this.#values);
    const { outputs } = this.#graph.statement;
    const signals = this.#lowest.map((lowest, i) => BigInt(this.#values[outputs[i]!]! - lowest));
    return { row, signals };
  }

  /** The answer by output, as a verdict on its proof will name it. */
  decode({ signals }: Pick<ModelAnswer, 'signals'>): NamedAnswer[] {
    // Only the outputs are read; the input's signals and the context follow them.
    const { input } = this.reading.plan;
    return decodeAnswers(this.reading, [...signals, ...input, 0n]);
  }

  /**
   * States the answer, with a fresh salt, before there is a proof of it.
   *
   * @throws QP6207 for artifacts of 0.1
   */
  state(answer: ModelAnswer, { callerPart, contextId: given }: StatedContext = {}): StatedAnswer {
    const model = this.recordV2();
    const contextId = given ?? randomBytes(CONTEXT_ID_BYTES).toString('hex');
    const context = contextSignal(callerPart ?? new Uint8Array(), Buffer.from(contextId, 'hex'));
    const salt = saltFor(this.reading.input.mode, drawSalt);
    const input = this.#inputSignals(answer.row, salt);
    const publicSignals = joinSignals({ outputs: answer.signals, input, context }).map(String);
    this.#statements ??= new StatementMaker(model);
    const { envelope, statementDigest, leaf } = sealStatementV2(this.#statements, {
      publicSignals,
      contextId,
    });
    return { ...answer, salt, context, publicSignals, statement: envelope, id: statementDigest, leaf };
  }

  /** What a pool proves. Its public signals are those of the statement, or the pool refuses the proof. */
  jobOf({ row, salt, context }: Pick<StatedAnswer, 'row' | 'salt' | 'context'>): ProveJob {
    return { integers: Float64Array.from(row.integers), salt, context };
  }

  /** @throws QP6207 for artifacts of 0.1 */
  recordV2(): ModelRecordV2 {
    if (this.model.version !== 'quietproof/model/v1') return this.model;
    const fix = 'Compile and set up the model again';
    throw new QuietproofError('QP6207', { where: this.artifactDir, fix });
  }

  #inputSignals({ integers }: EncodedRow, salt: bigint | null): bigint[] {
    if (!INPUT_MODES[this.reading.input.mode].salted) return integers.map(BigInt);
    // The digest is the last field element of its computation.
    return [this.#inputFields(integers, salt).at(-1)!];
  }
}

const CONTEXT_ID_BYTES = 32;

import type { InputMode } from '@quietproof/verify';
import type { CircuitCost } from '../circuit/circuit-cost.ts';
import type { GraphOutput } from '../graph/float-graph.ts';
import { DEFAULT_BITS, NARROWEST_BITS, WIDEST_BITS } from '../quantize/bit-widths.ts';
import { calibrate } from '../quantize/calibrate.ts';
import { declaredRanges } from '../quantize/card.ts';
import { type Decision, labelThreshold } from '../quantize/decision.ts';
import type { QuantizedModel, QuantizeOptions } from '../quantize/quantize.ts';
import { STATED_AS } from '../quantize/stated-as.ts';
import { describeWidths } from './describe-widths.ts';
import type { LoadedModel, StatementOptions } from './load-model.ts';
import { compareRows } from './quality/compare.ts';
import { type ContractOptions, contractOf, judgeOf } from './quality/contract.ts';
import { type Judgement, judge, rowsNeeded } from './quality/judge.ts';
import { type Runtime, runReference } from './quality/reference-rows.ts';
import { calibrateOn, type RowParts } from './quality/row-parts.ts';
import type { OutputRule } from './reference/output-rule.ts';
import { type Candidate, Candidates } from './search/candidates.ts';
import { chooseWidths } from './search/choose-widths.ts';
import { areLogitsWithin, deviations, sampleOf } from './search/sample.ts';
import { measureSensitivity, type SensitivityTable } from './search/sensitivity.ts';

const DEFAULT_INPUT: InputMode = 'digest';

/** An integer model at chosen widths, and whether it keeps the contract. */
export interface QuantizedOnData {
  readonly model: QuantizedModel;
  readonly cost: CircuitCost;
  /** One sentence for users: what was chosen, and why. */
  readonly reason: string;
  readonly judgement: Judgement;
  readonly runtime: Runtime;
  /** Measured on demand: which parts of the model lose the most at the chosen widths. */
  readonly sensitivity: () => SensitivityTable;
}

/** Options that quantizing depends on. */
export type QuantizeDataOptions = Pick<StatementOptions, 'bits' | 'input'> & ContractOptions;

/** What the quantizer needs to know beside the widths. */
function quantizeOptions(
  { card, decisions, ranked }: LoadedModel,
  input: InputMode = DEFAULT_INPUT,
): QuantizeOptions {
  return { input, decisions, declared: declaredRanges(card), ranked };
}

/** Calibrates on rows and quantizes at one width throughout. */
export function quantizeUniform(
  loaded: LoadedModel,
  rows: readonly Float64Array[],
  { bits, input }: { readonly bits: number; readonly input?: InputMode },
): Candidate {
  const calibration = calibrate(loaded.graph, rows);
  const candidates = new Candidates(loaded.graph, calibration, quantizeOptions(loaded, input));
  return candidates.orRefuse(candidates.uniform(bits));
}

/** How rows are labelled, by output, even if only the logits are proved; no decision if it has no labels. */
export function answerRules({
  decisions,
  graph: { outputs },
}: Pick<LoadedModel, 'decisions' | 'graph'>): OutputRule[] {
  return outputs.map((output, k) => answerRule(output, decisions[k]!));
}

function answerRule(output: GraphOutput, decision: Decision): OutputRule {
  const { head, precision, values } = output;
  const format = {
    head,
    ...(precision !== undefined && { precision }),
    count: values.length,
    proves: STATED_AS[decision.kind],
  } as const;
  if (head === 'argmax' || (values.length > 1 && head !== 'sigmoid'))
    return { ...format, decision: 'argmax' };
  const threshold = labelThreshold(output, decision);
  return threshold === undefined ? format : { ...format, decision: { threshold } };
}

/**
 * Calibrates, chooses widths, and judges the result on the held-out rows: with `--bits auto` by a search, unless the rows
 * are too few to judge the contract.
 *
 * @throws QuietproofError QP3101 (the contract), QP3010, QP3102 (the float model's file), QP30xx (quantization)
 */
export async function quantizeOnData(
  loaded: LoadedModel,
  parts: RowParts,
  options: QuantizeDataOptions,
): Promise<QuantizedOnData> {
  const contract = contractOf(options);
  const rules = answerRules(loaded);
  const by = judgeOf(loaded.decisions, loaded.graph.outputs);
  const { reference, runtime } = await runReference(loaded, parts);
  const calibration = calibrateOn(loaded.graph, parts);
  const candidates = new Candidates(loaded.graph, calibration, quantizeOptions(loaded, options.input));
  const judgeModel = (model: QuantizedModel) =>
    judge(by, contract, reference.rows.length === 0 ? undefined : compareRows(model, reference, rules));
  const chosen = (): Chosen => {
    const { bits = 'auto' } = options;
    if (candidates.knobs.length === 0) return exact(candidates, judgeModel);
    if (bits !== 'auto') return asked(candidates, bits, judgeModel);
    const sample = sampleOf(calibration);
    if (reference.rows.length < rowsNeeded(by, contract)) {
      const seemsKept = (model: QuantizedModel, judgement: Judgement) =>
        showsFewFlips(judgement) && areLogitsWithin(contract, by, deviations(model, sample), sample, rules);
      return unsearched(candidates, judgeModel, seemsKept);
    }
    const task = { candidates, sample, heldOut: reference, rules, by, contract };
    return searched(chooseWidths(task));
  };
  const found = chosen();
  const isExact = candidates.knobs.length === 0;
  return {
    ...found,
    reason: isExact ? found.reason : `${describeWidths(found.model.widths)}: ${found.reason}`,
    runtime,
    sensitivity: () => measureSensitivity(candidates, found.allocation, reference, rules),
  };
}

type Chosen = Candidate & { readonly judgement: Judgement; readonly reason: string };
type JudgeModel = (model: QuantizedModel) => Judgement;

function searched({ judged, ...found }: ReturnType<typeof chooseWidths>): Chosen {
  const { result } = found.judgement;
  const reason =
    result === 'kept'
      ? `the cheapest of ${judged} choices judged on held-out rows that keeps the contract`
      : 'the widest bits, and even these break the contract';
  return { ...found, reason };
}

/** Whether no more labels flip than the contract allows, as far as the rows go; yes where it says nothing of labels. */
function showsFewFlips({ by, contract, rows, comparison }: Judgement): boolean {
  return by === 'error' || (comparison?.flips?.count ?? 0) <= contract.flips * rows;
}

/** There is one candidate. */
function exact(candidates: Candidates, judgeModel: JudgeModel): Chosen {
  const candidate = candidates.orRefuse([]);
  const reason = 'none to choose: trees compare the float32 numbers themselves';
  return { ...candidate, judgement: judgeModel(candidate.model), reason };
}

function asked(candidates: Candidates, bits: number, judgeModel: JudgeModel): Chosen {
  const candidate = candidates.orRefuse(candidates.uniform(bits));
  return { ...candidate, judgement: judgeModel(candidate.model), reason: 'asked for' };
}

/**
 * 8 bits, or the widest fewer ones that the model's numbers allow; more while the rows that there are show that the
 * contract is broken. That much is known from few rows: the values from those that calibrate, the labels from all.
 */
function unsearched(
  candidates: Candidates,
  judgeModel: JudgeModel,
  seemsKept: (model: QuantizedModel, judgement: Judgement) => boolean,
): Chosen {
  let bits = DEFAULT_BITS;
  while (bits > NARROWEST_BITS && candidates.at(candidates.uniform(bits)) === undefined) bits -= 1;
  let candidate = candidates.orRefuse(candidates.uniform(bits));
  let judgement = judgeModel(candidate.model);
  while (bits < WIDEST_BITS && !seemsKept(candidate.model, judgement)) {
    bits += 1;
    const wider = candidates.at(candidates.uniform(bits));
    if (wider === undefined) break;
    candidate = wider;
    judgement = judgeModel(candidate.model);
  }
  const { rows, needed } = judgement;
  return {
    ...candidate,
    judgement,
    reason: `not searched for, with ${rows} of the ${needed} held-out rows that the contract needs`,
  };
}

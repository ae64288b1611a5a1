import { type AffineEncoding, circuitId, fileJson, type OutputInterface } from '@quietproof/verify';
import { boundsTable } from '../artifact/bounds-table.ts';
import { checkCircuit } from '../check/check-circuit.ts';
import { circomDigest, circuitTemplates, includedTemplates } from '../circuit/circom/templates.ts';
import { deriveCircuit } from '../circuit/derive-circuit.ts';
import { type LoadedModel, loadModel, readModelRows } from '../compile/load-model.ts';
import { sha256 } from '../data/sha256.ts';
import { readR1cs } from '../formats/r1cs.ts';
import { importModel, mainFile } from '../import/import-model.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { integerGraphJson } from '../integer/integer-graph-json.ts';
import { calibrate } from '../quantize/calibrate.ts';
import { declaredRanges } from '../quantize/card.ts';
import type { InputEncoding } from '../quantize/input-encoding.ts';
import { quantizer, quantizeWith } from '../quantize/quantize.ts';
import { STATED_AS } from '../quantize/stated-as.ts';
import { compileAgain } from './compile-again.ts';
import { type Claimed, readClaimed, selfLinks } from './read-claimed.ts';
import { conclude, type Link, type Rederivation } from './rederivation.ts';
import { type KeyFiles, keyLinks } from './rederive-key.ts';

export interface RederiveOptions extends KeyFiles {
  readonly model: string;
  /** The calibration rows; with them the scales are derived too. */
  readonly calibration?: string;
  readonly card?: string;
  readonly onStep?: (step: string) => void;
}

/**
 * Rebuilds model → integer graph → circom → r1cs from the source model, compares every digest with what is claimed,
 * checks the r1cs for soundness, and follows the key from there.
 *
 * @param target an artifact folder, a model.json, or a proof bundle
 * @throws QuietproofError QP4503 where nothing is claimed here, QP2xxx (the model)
 */
export async function rederive(target: string, options: RederiveOptions): Promise<Rederivation> {
  const claimed = await readClaimed(target);
  const { manifest, face } = claimed;
  const links: Link[] = [...selfLinks(claimed)];
  if (links.some(({ status }) => status === 'differs')) return conclude(links);
  const compare = (link: string, own: string, theirs: string) => {
    links.push(
      own === theirs
        ? { link, status: 'same', what: own }
        : { link, status: 'differs', what: `derived ${own}, claimed ${theirs}` },
    );
    return own === theirs;
  };
  options.onStep?.('reading the model');
  const { source } = await importModel(await mainFile(options.model));
  if (!compare('source model', source.sha256, manifest.chain.source)) return conclude(links);
  const loaded = await loadModel(options.model, statementOf(claimed, options));
  options.onStep?.('deriving the integer graph');
  const graph = await integerGraphOf(loaded, claimed, options, links);
  if (graph === undefined) return conclude(links);
  if (!compare('integer graph', sha256(integerGraphJson(graph)), manifest.chain.integerGraph)) {
    return conclude(links);
  }
  const circuit = deriveCircuit(graph);
  const templates = await circuitTemplates();
  const includes = includedTemplates(circuit.source, templates);
  compare('bounds', sha256(fileJson(boundsTable(graph, circuit.bounds))), manifest.bounds);
  compare('circom source', circomDigest(circuit.source, includes), manifest.chain.circom);
  options.onStep?.('compiling the circuit with circom');
  const { r1csBytes, sym } = await compileAgain(circuit.source, includes);
  if (!compare('circuit', circuitId(r1csBytes), manifest.chain.circuit)) return conclude(links);
  options.onStep?.('proving the circuit sound');
  const r1cs = readR1cs(r1csBytes);
  const soundness = checkCircuit({ r1cs, sym, sources: circuit.sources, graph, modelInterface: face });
  links.push({
    link: 'soundness',
    status: soundness.verdict === 'proved' ? 'same' : 'differs',
    what: soundness.verdict === 'proved' ? 'proved again' : soundness.problems[0]!.what,
  });
  options.onStep?.('following the key');
  links.push(...(await keyLinks({ r1cs, r1csBytes, circuit, sym }, claimed, options)));
  return conclude(links);
}

function statementOf({ artifact, face }: Claimed, { card }: RederiveOptions) {
  const { output } = face;
  return {
    output: STATED_AS[output.kind],
    input: artifact?.statement.input ?? face.input.mode,
    ...thresholdOf(output),
    ...(card !== undefined && { card }),
  };
}

function thresholdOf(output: OutputInterface): { readonly threshold?: number } {
  switch (output.kind) {
    case 'threshold':
      return { threshold: Number(output.threshold) };
    case 'logits':
    case 'argmax':
      return {};
  }
}

/** With the recorded scales, with those that the calibration rows give, or both, which must agree. */
async function integerGraphOf(
  loaded: LoadedModel,
  { artifact, manifest, face }: Claimed,
  { calibration }: RederiveOptions,
  links: Link[],
): Promise<IntegerGraph | undefined> {
  const { quantization } = manifest;
  const widths = {
    weights: quantization.weightBits,
    input: quantization.inputBits,
    activations: quantization.activationBits,
  };
  const choices = { input: face.input.mode, decision: loaded.decision };
  if (calibration !== undefined) {
    const { rows, sha256: digest } = await readModelRows(calibration, loaded.graph);
    const declared = declaredRanges(loaded.card);
    const made = quantizer(loaded.graph, calibrate(loaded.graph, rows), { ...choices, declared })(widths);
    const recorded = artifact?.quantization.calibration.sha256;
    if (recorded !== undefined && recorded !== digest) {
      links.push({ link: 'scales', status: 'differs', what: 'these are not the rows it was calibrated on' });
      return undefined;
    }
    links.push({ link: 'scales', status: 'same', what: 'derived from the calibration rows' });
    return made.graph;
  }
  if (artifact === undefined) {
    const what = 'a bundle holds no scales: give --calibration, or the artifact folder';
    links.push({ link: 'scales', status: 'missing', what });
    return undefined;
  }
  const shifts = new Map(artifact.quantization.layers.map(({ layer, shift }) => [layer, shift]));
  const encoding = encodingOf(artifact.quantization.input, loaded.graph.input.count);
  links.push({ link: 'scales', status: 'same', what: 'as the manifest records them; not derived from data' });
  const shiftOf = (node: { readonly name: string }) => shifts.get(node.name) ?? 0;
  return quantizeWith(loaded.graph, encoding, shiftOf, widths, choices).graph;
}

function encodingOf({ offset, step, max }: AffineEncoding, count: number): InputEncoding {
  const spread = (own: string | readonly string[]) =>
    Float64Array.from({ length: count }, (_, i) => Number(typeof own === 'string' ? own : own[i]));
  return { offset: spread(offset), step: spread(step), max: spread(max) };
}

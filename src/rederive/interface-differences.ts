import { type AnyInterface, featureCount, readingOf } from '@quietproof/verify';
import { differencesIn } from './differences.ts';

/** Names for the parts of an interface in messages, by their path. */
const PARTS: Readonly<Record<string, string>> = {
  'input.encoding': 'input encoding',
  'input.mode': 'input mode',
  'input.shape': 'input shape',
  'input.names': 'feature names',
  'input.units': 'feature units',
  'output.kind': 'kind of output',
  'output.names': 'class names',
  'output.unit': 'output unit',
  'output.lo': 'score ranges',
  'output.scale': 'scale of scores',
  'output.threshold': 'threshold',
  signals: 'signal ranges',
  'input.parts[0].encoding': 'input encoding',
  'input.parts[0].shape': 'input shape',
  'input.parts[0].names': 'feature names',
  'input.parts[0].units': 'feature units',
  'input.parts[0].name': 'name of the input',
  'outputs[0].kind': 'kind of output',
  'outputs[0].names': 'class names',
  'outputs[0].name': 'name of the output',
  'outputs[0].unit': 'output unit',
  'outputs[0].lo': 'score ranges',
  'outputs[0].max': 'score ranges',
  'outputs[0].scale': 'scale of scores',
  'outputs[0].rule.threshold': 'threshold',
};

/** Describes how a claimed interface differs from the derived one: `input encoding: offset[3] is 0.5, derived 0`. */
export function interfaceDifferences(claimed: AnyInterface, derived: AnyInterface): string {
  const count = featureCount(readingOf(derived).input);
  return differencesIn(spread(claimed, count), spread(derived, count), place);
}

/** Repeats a number that is given once for all features or scores, so that every form can be compared. */
function spread(modelInterface: AnyInterface, count: number): unknown {
  if (modelInterface.version === 'quietproof/interface/v1') {
    const encoding = spreadOver(modelInterface.input.encoding, count);
    return { ...modelInterface, input: { ...modelInterface.input, encoding } };
  }
  const parts = modelInterface.input.parts.map(({ encoding, ...part }) => ({
    ...part,
    // Axes differ only where the entries differ too.
    encoding: spreadOver({ ...encoding, axes: undefined }, count),
  }));
  const outputs = modelInterface.outputs.map((output) =>
    'count' in output ? spreadOver(output, output.count, ['lo', 'max']) : output,
  );
  return { ...modelInterface, input: { ...modelInterface.input, parts }, outputs };
}

const ENCODING = ['offset', 'step', 'max', 'lo'];

function spreadOver(part: object, count: number, keys: readonly string[] = ENCODING): unknown {
  const each = ([key, own]: readonly [string, unknown]) =>
    keys.includes(key) && typeof own === 'string' ? [key, new Array<string>(count).fill(own)] : [key, own];
  return Object.fromEntries(Object.entries(part).map(each));
}

function place(path: string): string {
  const part = Object.keys(PARTS).find(
    (start) => path.startsWith(start) && /^([.[]|$)/.test(path.slice(start.length)),
  );
  if (part === undefined) return path;
  const rest = path.slice(part.length).replace(/^\./, '');
  return rest === '' ? PARTS[part]! : `${PARTS[part]}: ${rest}`;
}

import { type AnyInterface, featureCount, readingOf } from '@quietproof/verify';
import { differencesIn } from './differences.ts';

/** What people call the parts of an interface, by the path to them. */
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

/** What differs between a claimed interface and a derived one: `input encoding: offset[3] is 0.5, derived 0`. */
export function interfaceDifferences(claimed: AnyInterface, derived: AnyInterface): string {
  const count = featureCount(readingOf(derived).input);
  return differencesIn(spread(claimed, count), spread(derived, count), place);
}

/** One number for all features, or scores, stands for the same number each. */
function spread(face: AnyInterface, count: number): unknown {
  if (face.version === 'quietproof/interface/v1') {
    const encoding = spreadOver(face.input.encoding, count);
    return { ...face, input: { ...face.input, encoding } };
  }
  const parts = face.input.parts.map(({ encoding, ...part }) => ({
    ...part,
    // Where one has a list the other has none of, the axes differ too: the entries say it all.
    encoding: spreadOver({ ...encoding, axes: undefined }, count),
  }));
  const outputs = face.outputs.map((output) =>
    output.kind === 'vector' ? spreadOver(output, output.count, ['lo', 'max']) : output,
  );
  return { ...face, input: { ...face.input, parts }, outputs };
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

import { type AnyInterface, fileJson, type ModelInterface } from '@quietproof/verify';
import { plain } from './differences.ts';
import { interfaceDifferences } from './interface-differences.ts';
import type { Claimed } from './read-claimed.ts';
import type { Link } from './rederivation.ts';

/** What the auditor knows of the model's labels. */
export interface KnownLabels {
  /** Whether a card was given: names and units are derived from it. */
  readonly card: boolean;
  /** What the model is said to be called. */
  readonly name: string | undefined;
}

/**
 * The interface that verdicts are read with, byte for byte against the derived one. Names and units come from a card:
 * without it they are left out of the comparison, and a link of their own says so. The model's name is a label.
 *
 * @param derived under any name
 */
export function interfaceLinks(claimed: Claimed, derived: AnyInterface, known: KnownLabels): Link[] {
  const { face, interfaceText } = claimed;
  const named = { ...derived, name: face.name };
  const [own, theirs] = known.card ? [named, face] : [withoutNames(named), withoutNames(face)];
  const differs = interfaceDifferences(theirs, own);
  const isForm = interfaceText === fileJson(face) && (isV1(face) || fileJson(own) === fileJson(theirs));
  const parts = `encoding, ranges, scales, output${known.card ? ', names and units' : ''}`;
  const link: Link =
    differs === '' && isForm
      ? { link: 'interface', status: 'same', what: `${parts}: derived and the same, byte for byte` }
      : { link: 'interface', status: 'differs', what: differs || 'the same values, written in another form' };
  return [link, ...(known.card ? [] : namesLinks(face)), nameLink(claimed, known.name)];
}

/** Only where the interface has names or units, and nothing to compare them with. */
function namesLinks(face: AnyInterface): Link[] {
  if (fileJson(face) === fileJson(withoutNames(face))) return [];
  const reservation = 'names of classes and features, and units, are not checked';
  return [{ link: 'names', status: 'unchecked', what: 'they come from a card: give --card', reservation }];
}

/** The name stands under the model id, so a key whose model is renamed is another model; nothing is computed from it. */
function nameLink({ face, artifact }: Claimed, known: string | undefined): Link {
  const name = quoted(face.name);
  const differs = (what: string): Link => ({ link: 'name', status: 'differs', what });
  if (artifact !== undefined && artifact.name !== face.name) {
    return differs(`the interface calls the model ${name}, the manifest ${quoted(artifact.name)}`);
  }
  if (known === undefined) {
    const what = `${name} is a label of the producer's, under the model id; --name compares it`;
    return { link: 'name', status: 'unchecked', what, reservation: `its name, ${name}, is a label` };
  }
  return face.name === known
    ? { link: 'name', status: 'same', what: `${name}, as you call it` }
    : differs(`the interface calls the model ${name}, you ${quoted(known)}`);
}

function quoted(name: string): string {
  return plain(JSON.stringify(name));
}

function withoutNames(face: AnyInterface): AnyInterface {
  const without = <T extends object>(part: T, ...keys: readonly string[]) =>
    Object.fromEntries(Object.entries(part).filter(([key]) => !keys.includes(key))) as T;
  if (isV1(face)) {
    const { input, output } = face;
    return { ...face, input: without(input, 'names', 'units'), output: without(output, 'names', 'unit') };
  }
  const parts = face.input.parts.map((part) => without(part, 'names', 'units'));
  const outputs = face.outputs.map((output) => without(output, 'names', 'unit'));
  return { ...face, input: { ...face.input, parts }, outputs };
}

/** Version 1 lets one value and a list of the same say the same. */
function isV1(face: AnyInterface): face is ModelInterface {
  return face.version === 'quietproof/interface/v1';
}

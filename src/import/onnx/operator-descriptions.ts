import { isStandardDomain, type NodeProto } from './decode-model.ts';
import { CONTRIBUTED, LEARNED, PREVIEW } from './extension-words.ts';
import { type Description, STANDARD } from './operator-words.ts';

/** The tables of known operators, by domain. */
const DOMAINS: Readonly<Record<string, Readonly<Record<string, Description>>>> = {
  __proto__: null as never,
  '': STANDARD,
  'ai.onnx.ml': LEARNED,
  'com.microsoft': CONTRIBUTED,
  'com.ms.internal.nhwc': CONTRIBUTED,
  'ai.onnx.preview': PREVIEW,
  'ai.onnx.preview.training': PREVIEW,
};

/** Describes the operator of a node that cannot be proved. */
export function describeOperator({ domain, opType, input }: NodeProto): Description {
  const known = knownOperator(domain, opType);
  if (opType === 'Loop' && known !== undefined && (input[0] ?? '') !== '') {
    return { ...known, what: 'a loop' };
  }
  if (known !== undefined) return known;
  return isStandardDomain(domain)
    ? { what: 'an operator that ONNX does not define' }
    : {
        what: 'an operator of a runtime or exporter of its own',
        fix: 'Export with operators of ONNX only',
      };
}

/** The description of an operator that ONNX or ONNX Runtime defines. */
export function knownOperator(domain: string | null | undefined, opType: string): Description | undefined {
  return DOMAINS[isStandardDomain(domain) ? '' : domain!]?.[opType];
}

import type { NamedAnswer, OutputReading, PartReading, Reading } from '@quietproof/verify';
import type { Datatype, OutputDatatype } from './datatypes.ts';

/** A tensor that a request has, with the values of consecutive features of every row. */
export interface InputTensor {
  readonly name: string;
  /** The one that metadata names. */
  readonly datatype: Datatype;
  /** Of one row; [] for one feature. */
  readonly shape: readonly number[];
  readonly count: number;
  /** It takes texts only. */
  readonly takesTexts: boolean;
}

/** A tensor that a response has. */
export interface OutputTensor {
  readonly name: string;
  readonly datatype: OutputDatatype;
  /** Of one row; [] for one element. */
  readonly shape: readonly number[];
  /** The final function of the float model that is not in it. */
  readonly head?: 'sigmoid' | 'softmax';
  /** Its elements for one row. */
  readonly elements: (answers: readonly NamedAnswer[]) => readonly (number | string)[];
}

/** How a model looks to clients: its interface as tensors. */
export interface ModelTensors {
  readonly inputs: readonly InputTensor[];
  readonly outputs: readonly OutputTensor[];
}

export function tensorsOf({ input, outputs }: Reading): ModelTensors {
  const names = new Set(outputs.map(nameOf));
  return {
    inputs: input.parts.map(inputTensor),
    outputs: outputs.flatMap((output, k) => outputTensors(output, k, names)),
  };
}

/** Interfaces of version 1 name neither inputs nor outputs: they have one of each. */
function inputTensor(part: PartReading): InputTensor {
  const { name = 'input', shape, count } = part;
  const takesTexts = isCategory(part);
  const takesIntegers = part.encodingOf(0).rounds === 'never';
  const datatype = takesTexts ? 'BYTES' : takesIntegers ? 'INT64' : 'FP32';
  return { name, shape, count, takesTexts, datatype };
}

/** Parts have one encoding, and category codings refuse every number. */
function isCategory(part: PartReading): boolean {
  const encoding = part.encodingOf(0);
  const lowest = encoding.decode(0);
  return lowest.kind === 'unknown' || (lowest.kind === 'text' && !NOT_FINITE.has(lowest.text));
}

const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

function nameOf({ name = 'output' }: OutputReading): string {
  return name;
}

function outputTensors(output: OutputReading, k: number, names: ReadonlySet<string>): OutputTensor[] {
  const name = nameOf(output);
  const answerOf = (answers: readonly NamedAnswer[]) => answers[k]!.answer;
  const { kind } = output;
  if (kind === 'scores') {
    const { max, head } = output;
    return [
      {
        name,
        datatype: 'FP64',
        shape: max.length === 1 ? [] : [max.length],
        ...(head !== 'none' && { head }),
        elements: (answers) => {
          const answer = answerOf(answers);
          return answer.kind === 'logits' ? answer.values.map(({ value }) => value) : [];
        },
      },
    ];
  }
  if (kind === 'category') {
    const elements = (answers: readonly NamedAnswer[]) => {
      const answer = answerOf(answers);
      return answer.kind === 'category' ? [answer.value] : [];
    };
    return [{ name, datatype: 'BYTES', shape: [], elements }];
  }
  const index: OutputTensor = {
    name,
    datatype: 'INT64',
    shape: [],
    elements: (answers) => {
      const answer = answerOf(answers);
      if (answer.kind === 'decision') return [Number(answer.value)];
      return answer.kind === 'label' ? [answer.index] : [];
    },
  };
  if (output.names === undefined) return [index];
  const named: OutputTensor = {
    name: unusedName(`${name}_name`, names),
    datatype: 'BYTES',
    shape: [],
    elements: (answers) => {
      const answer = answerOf(answers);
      return 'name' in answer && answer.name !== undefined ? [answer.name] : [];
    },
  };
  return [index, named];
}

function unusedName(wanted: string, names: ReadonlySet<string>): string {
  return names.has(wanted) ? unusedName(`${wanted}_`, names) : wanted;
}

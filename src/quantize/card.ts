import { isPrintable } from '@quietproof/verify';
import { z } from 'zod';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FeatureRange } from './feature-range.ts';
import { wholeSteps } from './input-grid.ts';

/** What verifiers accept in an interface; a record with any other text would be refused by all of them. */
const label = z
  .string()
  .min(1)
  .refine(isPrintable, 'must be printable text of at most 1024 characters, without control characters');

const featureSchema = z
  .strictObject({
    name: label.optional(),
    unit: label.optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    /** The feature only has the values min, min + step, … max; other rows are refused. */
    step: z.number().positive().optional(),
  })
  .refine((feature) => (feature.min === undefined) === (feature.max === undefined), {
    message: 'give min and max together',
  })
  .refine((feature) => feature.min === undefined || feature.min < feature.max!, {
    message: 'min must be below max',
  })
  .refine(({ step, min, max }) => step === undefined || (min !== undefined && max !== undefined), {
    message: 'a step needs min and max',
  })
  .refine(({ step, min = 0, max = 0 }) => step === undefined || wholeSteps(max - min, step) !== undefined, {
    message: 'min and max must be a whole number of steps apart, at most 65535',
  });

const cardSchema = z.strictObject({
  /** Names of the answers: by class index, or for 0 and 1 if a threshold decides. */
  classes: z.array(label).min(1).optional(),
  /** One entry per feature, in the model's order. */
  features: z.array(featureSchema).min(1).optional(),
  /** Unit of a regression's output. */
  unit: label.optional(),
  /** The same of each output, by its name in the file, where the model has several. */
  outputs: z
    .record(z.string(), z.strictObject({ classes: z.array(label).min(1).optional(), unit: label.optional() }))
    .optional(),
});

/** Names, units and input ranges, which a model file lacks. They become part of the interface. */
export type Card = z.infer<typeof cardSchema>;

/**
 * Reads a card from JSON text.
 *
 * @param file name of the file, for messages
 * @throws QuietproofError QP3007, naming the member that is wrong
 */
export function parseCard(text: string, file: string): Card {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new QuietproofError('QP3007', { what: 'The card is not JSON', where: file, cause });
  }
  const result = cardSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = issue.path.length === 0 ? 'top level' : issue.path.join('.');
  throw new QuietproofError('QP3007', {
    what: `The card cannot be used: ${issue.message}`,
    where: `${file}, ${place}`,
  });
}

/** What a card says of the answers of an output. */
export type AnswerNames = Pick<Card, 'classes' | 'unit'>;

/** @param outputs how many outputs the model has */
export function answerNames(card: Card, output: string, outputs: number): AnswerNames {
  const { classes, unit } =
    outputs === 1 ? { ...card, ...card.outputs?.[output] } : (card.outputs?.[output] ?? {});
  return { ...(classes !== undefined && { classes }), ...(unit !== undefined && { unit }) };
}

/**
 * Checks that the lists of a card have the lengths that the model needs.
 *
 * @param answers by output: its name, and how many answers can be named
 * @throws QuietproofError QP3007
 */
export function checkCard(
  card: Card,
  features: number,
  answers: readonly { readonly name: string; readonly count: number }[],
  file: string,
): void {
  const { features: described, classes, unit, outputs = {} } = card;
  if (described !== undefined && described.length !== features) {
    throw new QuietproofError('QP3007', {
      what: `The card describes ${described.length} features, but the model has ${features}`,
      where: file,
    });
  }
  if (answers.length > 1 && (classes !== undefined || unit !== undefined)) {
    throw new QuietproofError('QP3007', {
      what: `The card says of which classes or unit an output is, but the model has ${answers.length} outputs`,
      where: file,
      fix: 'Name them by output: {"outputs": {"name": {"classes": […]}}}',
    });
  }
  const unknown = Object.keys(outputs).find((own) => answers.every(({ name }) => name !== own));
  if (unknown !== undefined) {
    throw new QuietproofError('QP3007', {
      what: `The card describes an output "${unknown}", which the proof does not state`,
      where: file,
    });
  }
  for (const { name, count } of answers) {
    const named = answerNames(card, name, answers.length).classes;
    if (named === undefined || named.length === count) continue;
    throw new QuietproofError('QP3007', {
      what: `The card names ${named.length} classes, but the model has ${count}`,
      where: file,
    });
  }
}

/** Declared ranges by feature; undefined for a feature without one. */
export function declaredRanges(card: Card): (FeatureRange | undefined)[] {
  return (card.features ?? []).map(({ min, max, step }) =>
    min === undefined || max === undefined ? undefined : { min, max, ...(step !== undefined && { step }) },
  );
}

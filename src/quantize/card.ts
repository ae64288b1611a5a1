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

/** Checks that the lists of a card have the lengths that the model needs. @throws QuietproofError QP3007 */
export function checkCard(card: Card, features: number, classes: number | undefined, file: string): void {
  const { features: described, classes: named } = card;
  if (described !== undefined && described.length !== features) {
    throw new QuietproofError('QP3007', {
      what: `The card describes ${described.length} features, but the model has ${features}`,
      where: file,
    });
  }
  if (named !== undefined && classes !== undefined && named.length !== classes) {
    throw new QuietproofError('QP3007', {
      what: `The card names ${named.length} classes, but the model has ${classes}`,
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

import { fileURLToPath } from 'node:url';
import { plainText } from '../content/plain-text.ts';
import type { Tone } from '../content/report-blocks.ts';
import { inGlyphs } from './glyph-ranges.ts';
import type { PdfDocument } from './load-pdfkit.ts';

/** Sizes in points; A4. */
export const PAGE = { margin: 56, width: 595.28, height: 841.89, inner: 595.28 - 2 * 56 } as const;
export const COLOURS = {
  ink: '#18222f',
  muted: '#4c5a6b',
  line: '#c9d1db',
  wash: '#f3f5f8',
  good: '#0b6340',
  open: '#774a00',
  bad: '#a11722',
  none: '#4c5a6b',
} as const satisfies Record<Tone | 'none' | 'ink' | 'muted' | 'line' | 'wash', string>;
/** As in html/page/report.css on a light screen. */
export const SERIES = ['#1f5fb4', '#c2570c', '#1b7f5c', '#8a3ea8', '#9a7800', '#b3264a', '#7a8797'] as const;

export type Weight = 'regular' | 'bold';

const FONTS: Readonly<Record<Weight, URL>> = {
  regular: new URL('../fonts/Roboto-Regular.ttf', import.meta.url),
  bold: new URL('../fonts/Roboto-Bold.ttf', import.meta.url),
};

export function registerFonts(doc: PdfDocument): void {
  for (const [name, url] of Object.entries(FONTS)) doc.registerFont(name, fileURLToPath(url));
}

/** A text that both fonts can show. */
export function shown(text: string): string {
  return inGlyphs(plainText(text));
}

export interface TextStyle {
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: string;
}

export function setStyle(
  doc: PdfDocument,
  { size, weight = 'regular', colour = COLOURS.ink }: TextStyle,
): PdfDocument {
  return doc.font(weight).fontSize(size).fillColor(colour);
}

/** What has no meaning of its own, such as lines and washes: readers that read aloud leave it out. */
export function artifact(doc: PdfDocument, draw: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' });
  draw();
  doc.endMarkedContent();
}

/** Starts a new page unless so many points are left. */
export function keepTogether(doc: PdfDocument, height: number): void {
  if (doc.y + height > PAGE.height - PAGE.margin) doc.addPage();
}

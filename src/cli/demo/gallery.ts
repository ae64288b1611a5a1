import type { FileVerdict } from '@quietproof/verify/command/verify-files';
import type { DataSet } from '../../data/data-set.ts';
import type { Style } from '../render/style.ts';
import { drawPicture, sideBySide } from './digit-art.ts';

/** Pixels. */
const SIDE = 8;
/** Columns: two per pixel. */
const WIDTH = 2 * SIDE;
const PER_LINE = 4;

/** Draws every input as a picture, above the proved label and the true one. */
export function renderGallery(data: DataSet, verdicts: readonly FileVerdict[], style: Style): string[] {
  const blocks = verdicts.map(({ verdict }) => {
    const row = verdict.row ?? 0;
    const picture = { width: SIDE, height: SIDE, pixels: data.rows[row]! };
    const label = verdict.answer?.kind === 'label' ? verdict.answer.index : undefined;
    return [...drawPicture(picture, style.color), '', ...caption(label, data.labels?.[row], style)];
  });
  const lines: string[] = [];
  for (let at = 0; at < blocks.length; at += PER_LINE) {
    if (at > 0) lines.push('');
    lines.push(...sideBySide(blocks.slice(at, at + PER_LINE)).map((line) => `  ${line}`.trimEnd()));
  }
  return lines;
}

function caption(proved: number | undefined, truth: number | undefined, style: Style): string[] {
  if (proved === undefined) return [style.red('not valid'.padEnd(WIDTH)), ' '.repeat(WIDTH)];
  const right = proved === truth;
  const first = `proved ${proved} ${right ? '✓' : '≠'}`.padEnd(WIDTH);
  return [right ? style.green(first) : style.yellow(first), style.dim(`true   ${truth}`.padEnd(WIDTH))];
}

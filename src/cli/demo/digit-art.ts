/** Pixels of a picture, row by row, each 0 … 1 (ink). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: ArrayLike<number>;
}

/** Ink without colour, from none to full. */
const SHADES = [' ', '░', '▒', '▓', '█'];
/** The grey ramp of 256-colour terminals: 232 is almost black, 255 almost white. */
const [DARKEST, LIGHTEST] = [232, 255];

/**
 * A picture as lines of text, two columns a pixel (about square on most screens).
 *
 * @param color grey backgrounds where true, shade characters where false
 */
export function drawPicture({ width, height, pixels }: Picture, color: boolean): string[] {
  return Array.from({ length: height }, (_, y) => {
    const row = Array.from({ length: width }, (_, x) => Math.min(1, Math.max(0, pixels[y * width + x]!)));
    return color ? `${row.map(greyCell).join('')}\x1b[49m` : row.map(shadeCell).join('');
  });
}

function greyCell(ink: number): string {
  return `\x1b[48;5;${DARKEST + Math.round(ink * (LIGHTEST - DARKEST))}m  `;
}

function shadeCell(ink: number): string {
  return SHADES[Math.round(ink * (SHADES.length - 1))]!.repeat(2);
}

/** Blocks of lines of one width side by side, `gap` spaces between them. */
export function sideBySide(blocks: readonly (readonly string[])[], gap = 3): string[] {
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, line) =>
    blocks.map((block) => block[line] ?? '').join(' '.repeat(gap)),
  );
}

/** Pixels of a picture, row by row; each is the amount of ink, 0 … 1. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: ArrayLike<number>;
}

/** Shades for output without colour, from no ink to full. */
const SHADES = [' ', '░', '▒', '▓', '█'];
/** Ends of the grey ramp of 256-colour terminals: 232 is almost black, 255 almost white. */
const [DARKEST, LIGHTEST] = [232, 255];

/**
 * A picture as lines of text, with two columns per pixel, which is about square on most screens.
 *
 * @param color true for grey backgrounds, false for shade characters
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

/** Puts blocks of lines side by side with `gap` spaces between them. All lines of a block have the same width. */
export function sideBySide(blocks: readonly (readonly string[])[], gap = 3): string[] {
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, line) =>
    blocks.map((block) => block[line] ?? '').join(' '.repeat(gap)),
  );
}

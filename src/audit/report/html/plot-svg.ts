import type { Plot, Shape } from '../plots/plot.ts';
import { escaped } from './escape.ts';

/** A plot as inline SVG, with colours from the page's style. */
export function plotSvg({ id, title, description, width, height, shapes }: Plot): string {
  const body = shapes.map(shapeSvg).join('\n');
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${escaped(title)}</title><desc id="${id}-d">${escaped(description)}</desc>
${body}
</svg>`;
}

function shapeSvg(shape: Shape): string {
  switch (shape.kind) {
    case 'bar': {
      const { x, y, width, height, series, title } = shape;
      return `<rect class="s${series}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"><title>${escaped(title)}</title></rect>`;
    }
    case 'line': {
      const { from, to, role } = shape;
      return `<line class="${role}" x1="${n(from.x)}" y1="${n(from.y)}" x2="${n(to.x)}" y2="${n(to.y)}"/>`;
    }
    case 'label': {
      const { at, text, anchor } = shape;
      return `<text x="${n(at.x)}" y="${n(at.y)}" text-anchor="${anchor}">${escaped(text)}</text>`;
    }
  }
}

/** Hundredths of a unit: the same text on every machine. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

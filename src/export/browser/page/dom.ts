import { filled } from './template.ts';

/** Content to show. Strings are always set as text, never as HTML. */
export type Content = Node | string | undefined;

/** An element with a class and content. Strings that came from a file go through `foreign`. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...content: readonly Content[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...content.filter((part) => part !== undefined));
  return made;
}

/** An untrusted string, isolated so that its writing direction cannot reorder the text around it. */
export function foreign(text: string): HTMLElement {
  return element('bdi', 'foreign', text);
}

/** A sentence with something filled in: strings that are not the page's own go through `foreign` first. */
export function say(template: string, values: Readonly<Record<string, Content>> = {}): Content[] {
  return filled(template, values);
}

/** A paragraph of such a sentence. */
export function paragraph(template: string, values: Readonly<Record<string, Content>> = {}): HTMLElement {
  return element('p', '', ...say(template, values));
}

export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

const PATHS = {
  pass: 'M4 12.5l5 5L20 6.5',
  claimed: 'M4 13q4-6 8 0t8 0',
  fail: 'M6 6l12 12M18 6L6 18',
  missing: 'M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1-1.5 2.3M12 19v.5',
  skipped: 'M5 12h14',
  open: 'M12 5v9M12 18.6v.4',
} as const;

export type IconName = keyof typeof PATHS;

/** Only decoration: its meaning is always stated in text next to it. */
export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

/** Replaces what a place of the page shows. */
export function fill(id: string, ...content: readonly Content[]): void {
  byId(id).replaceChildren(...content.filter((part) => part !== undefined));
}

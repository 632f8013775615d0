/** Markup that is safe to send: every text in it was escaped. Made by `html` only. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What a template takes: null, undefined and false leave nothing; lists are joined. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/**
 * Tagged template for HTML and SVG: each value is escaped, unless it is `Html` itself. Values may stand in text and in
 * quoted attributes, nowhere else: not as a tag or attribute name, not in a script, a style or an unquoted attribute.
 * @example html`<p title="${title}">${text}</p>`
 */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(parts.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

function render(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return escapeText(String(value));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

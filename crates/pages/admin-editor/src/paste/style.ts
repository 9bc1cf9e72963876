// Styles of pasted elements. They are read from the text of the attribute: a strict policy lets no style act, not even
// in a document that is never shown.

export type Style = Map<string, string>;

/** Where styles are kept until they are read. */
const KEPT = 'data-pasted-style';

/** HTML whose styles and handlers do nothing; styles are kept under another name. */
export function withoutActingStyles(html: string): string {
  const text = html.replace(/<style\b[\s\S]*?<\/style>/gi, '').replace(/<(?:script|title|xml)\b[\s\S]*?<\/(?:script|title|xml)>/gi, '');
  return text.replace(/<[a-z][^>]*>/gi, (tag) => (
    tag.replace(/([\s"'/])style(\s*=)/gi, `$1 ${KEPT}$2`).replace(/([\s"'/])on(\w+\s*=)/gi, '$1 data-on$2')
  ));
}

export function styleOf(element: Element): Style {
  const style: Style = new Map();
  for (const part of (element.getAttribute(KEPT) ?? '').split(';')) {
    const colon = part.indexOf(':');
    if (colon > 0) style.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim().toLowerCase());
  }
  return style;
}

/** The tags that say what a style shows; `null` for a tag that the style takes back. */
export function tagsOf(style: Style): Map<string, boolean> {
  const tags = new Map<string, boolean>();
  const weight = style.get('font-weight');
  if (weight !== undefined) tags.set('strong', weight === 'bold' || weight === 'bolder' || Number(weight) >= 600);
  const slant = style.get('font-style');
  if (slant !== undefined) tags.set('em', slant === 'italic' || slant === 'oblique');
  const line = `${style.get('text-decoration') ?? ''} ${style.get('text-decoration-line') ?? ''}`;
  if (line.includes('line-through')) tags.set('del', true);
  if (line.includes('underline')) tags.set('u', true);
  const rise = style.get('vertical-align');
  if (rise === 'super') tags.set('sup', true);
  if (rise === 'sub') tags.set('sub', true);
  const font = style.get('font-family') ?? '';
  if (/courier|consolas|monospace|menlo|monaco|source code|roboto mono|ubuntu mono|cascadia/.test(font)) tags.set('code', true);
  const marked = style.get('background-color') ?? style.get('mso-highlight') ?? style.get('background') ?? '';
  if (/yellow|lime|aqua|fuchsia|#ffff00|#00ff00|rgb\(255, ?255, ?0\)/.test(marked)) tags.set('mark', true);
  return tags;
}

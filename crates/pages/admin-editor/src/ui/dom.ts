// Elements without markup in texts: no inline script or style that a strict policy would refuse.

type Child = globalThis.Node | string | null | false;
type Attributes = Record<string, string | number | boolean | null | ((event: never) => void)>;

/** An element; `on…` attributes are listeners, `true` is an empty attribute, `null` and `false` are none. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((it): it is globalThis.Node | string => it !== null && it !== false));
  return element;
}

let counter = 0;

/** An id for an element, of its own on the page. */
export function freshId(): string {
  counter += 1;
  return `editor-${counter}`;
}

/** A field with its label, as forms have them. */
export function labelled(label: string, control: HTMLElement, hint?: string): HTMLElement {
  if (!control.id) control.id = freshId();
  const field = el('div', { class: 'editor-field' }, el('label', { for: control.id }, label), control);
  if (hint) {
    const note = el('p', { class: 'editor-hint', id: freshId() }, hint);
    control.setAttribute('aria-describedby', note.id);
    field.append(note);
  }
  return field;
}

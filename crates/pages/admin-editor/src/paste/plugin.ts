// What a paste and a drop become.

import { type Node, Slice } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { setLink } from '../commands';
import { type Context, ask } from '../context';
import { type JsonObject, isWebAddress } from '../format';
import { documentFromJson } from '../from_json';
import { schema } from '../schema';
import { fileOfAddress, filesOf, uploadAt } from '../upload';
import { cleanPaste } from './clean';

/** Signs that nobody writes in plain text: headings, fences, tables, lists of links. */
const MARKDOWN = /^(?:#{1,6} \S|```|> \S|\s*[-*+] (?:\[[ x]\] )?\S|\d+\. \S|\|.+\|\s*$)|\[[^\]\n]+\]\(\S+\)|\*\*\S[^*\n]*\*\*/m;

export function pasting(context: () => Context): Plugin {
  let images: string[] = [];
  // With Shift, text is pasted as it is.
  let asText = false;
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown: (_, event) => {
          asText = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v';
          return false;
        },
        keyup: () => {
          asText = false;
          return false;
        },
      },
      transformPastedHTML(html) {
        const pasted = cleanPaste(html);
        images = pasted.images;
        return pasted.html;
      },
      handlePaste(view, event, slice) {
        const { endpoints } = context();
        const pos = view.state.selection.from;
        const held = images.map(fileOfAddress).filter((it): it is File => it !== null);
        images = [];
        const files = filesOf(event.clipboardData);
        if (endpoints.upload && files.length > 0) {
          void uploadAt(context(), files, pos);
          return true;
        }
        const text = event.clipboardData?.getData('text/plain') ?? '';
        const hasHtml = (event.clipboardData?.getData('text/html') ?? '') !== '';
        if (view.state.selection.$from.parent.type.spec.code) return false;
        if (!hasHtml && !asText && pasteAddress(context(), text.trim())) return true;
        if (!hasHtml && !asText && endpoints.convert && MARKDOWN.test(text)) {
          void pasteMarkdown(context(), text, slice);
          return true;
        }
        if (held.length > 0 && endpoints.upload) {
          view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView());
          void uploadAt(context(), held, view.state.selection.to);
          return true;
        }
        return false;
      },
      handleDrop(view, event) {
        const files = filesOf(event.dataTransfer);
        if (files.length === 0 || !context().endpoints.upload) return false;
        const pos = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? view.state.doc.content.size;
        event.preventDefault();
        void uploadAt(context(), files, pos);
        return true;
      },
    },
  });
}

/** An address onto words is a link of them; alone it is a link of itself. */
function pasteAddress({ view }: Context, text: string): boolean {
  if (!isWebAddress(text) || /\s/.test(text)) return false;
  const { state } = view;
  const { from, to, empty, $from } = state.selection;
  if (!$from.parent.inlineContent) return false;
  if (!empty && $from.sameParent(state.selection.$to)) return setLink(from, to, text)(state, view.dispatch);
  const link = schema.marks.link!.create({ href: text });
  view.dispatch(state.tr.replaceSelectionWith(schema.text(text, [link]), false).removeStoredMark(schema.marks.link!));
  return true;
}

/** The server reads Markdown as it reads all Markdown; where it does not answer, the text is pasted as it is. */
async function pasteMarkdown(context: Context, text: string, plain: Slice): Promise<void> {
  const { view } = context;
  let slice = plain;
  try {
    const { document } = await ask<{ document: JsonObject }>(context, context.endpoints.convert!, { markdown: text });
    const read: Node | null = documentFromJson(document);
    if (read) slice = Slice.maxOpen(read.content);
  } catch {
    context.announce(context.texts.get('pasted_as_text'));
  }
  if (!view.isDestroyed) view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta('paste', true));
}

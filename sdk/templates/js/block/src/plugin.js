import { escape } from "smartcms-plugin";

/** The attributes of a note: the site holds what authors write against it. */
const SCHEMA = {
  type: "object",
  properties: {
    text: { type: "string", minLength: 1, maxLength: 2000 },
    label: { type: "string", maxLength: 40 },
  },
  required: ["text"],
  additionalProperties: false,
};

/**
 * Brings a block for notes that readers should not miss.
 *
 * @type {import("smartcms-plugin").Blocks}
 */
export const blocks = {
  list() {
    const description = "A text that stands apart, so that nobody misses it.";
    return [{ name: "note", title: "Note", description, schema: JSON.stringify(SCHEMA) }];
  },

  render(_kind, attributes, _context) {
    const { text, label = "Note" } = JSON.parse(attributes);
    return `<aside><p><strong>${escape(label)}:</strong> ${escape(text)}</p></aside>`;
  },
};

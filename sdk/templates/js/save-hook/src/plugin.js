import { fields, problem, settings } from "smartcms-plugin";

/** How many characters a title may have when the operator does not say. */
const LONGEST_DEFAULT = 80;

/**
 * Tidies titles, and refuses those that are longer than the setting `longest` says.
 *
 * @type {import("smartcms-plugin").BeforeSave}
 */
export const beforeSave = {
  beforeSave(draft) {
    const title = fields.text(draft.fields, "title");
    if (title === undefined) return [];
    const longest = settings.number("longest", LONGEST_DEFAULT);
    const tidy = title.trim().split(/\s+/).join(" ");
    if ([...tidy].length > longest) {
      throw [problem("too-long", `This title has more than ${longest} characters.`, "title")];
    }
    return tidy === title ? [] : [fields.field("title", tidy)];
  },
};

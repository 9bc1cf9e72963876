import { problem, settings, type BeforeDelete } from "smartcms-plugin";

/** What is kept when the operator does not say: slugs, with commas between them. */
const KEEP_DEFAULT = "home, about";

/** Keeps entries that the site cannot do without: those whose slugs are in the setting `keep`. */
export const beforeDelete: BeforeDelete = {
  beforeDelete(entry) {
    const keep = settings.text("keep", KEEP_DEFAULT).split(",");
    if (keep.some((slug) => slug.trim() === entry.slug)) {
      throw [problem("protected", `The site needs \`${entry.slug}\`; change it instead.`)];
    }
  },
};

import type { Filters } from "smartcms-plugin";

/** A picture that does not say how it is loaded. */
const PICTURE = /<img (?![^>]*\bloading=)/g;

/** Lets browsers load the pictures of an entry when they come into sight. */
export const filters: Filters = {
  filterHtml(_context, html) {
    return html.replace(PICTURE, '<img loading="lazy" ');
  },
};

/** A picture that does not say how it is loaded. */
const PICTURE = /<img (?![^>]*\bloading=)/g;

/**
 * Lets browsers load the pictures of an entry when they come into sight.
 *
 * @type {import("smartcms-plugin").Filters}
 */
export const filters = {
  filterHtml(_context, html) {
    return html.replace(PICTURE, '<img loading="lazy" ');
  },
};

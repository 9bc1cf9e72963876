/** HTML that grows. */
#ifndef HTML_H
#define HTML_H

#include "smartcms.h"
#include "smartcms_json.h"

/** Begins as `{NULL, 0, 0}`; the host frees the bytes of a result. */
typedef struct {
  char *bytes;
  size_t length;
  size_t room;
} html_t;

/** Adds HTML as it is. */
static inline void html_add(html_t *html, const char *text) {
  size_t more = strlen(text);
  if (html->length + more > html->room) {
    html->room = (html->length + more) * 2;
    html->bytes = realloc(html->bytes, html->room);
    if (html->bytes == NULL) abort();
  }
  memcpy(html->bytes + html->length, text, more);
  html->length += more;
}

/** Adds text, so that it stays text. */
static inline void html_add_text(html_t *html, const char *text) {
  char *escaped = smartcms_escaped(text);
  html_add(html, escaped);
  free(escaped);
}

#endif

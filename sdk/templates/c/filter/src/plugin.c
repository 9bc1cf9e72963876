// Lets browsers load the pictures of an entry when they come into sight.

#include "smartcms.h"

static const char PICTURE[] = "<img ";
static const char LATE[] = "loading=\"lazy\" ";

/** Whether the tag that begins here says how the picture is loaded. */
static bool says_how(const char *tag, const char *end) {
  for (; tag < end && *tag != '>'; tag++) {
    if ((size_t)(end - tag) >= 8 && memcmp(tag, "loading=", 8) == 0) return true;
  }
  return false;
}

/** Copies the HTML, with an attribute more in every picture that does not say how it is loaded. */
static size_t with_late_pictures(const char *html, size_t length, char *out) {
  const size_t picture = sizeof PICTURE - 1, late = sizeof LATE - 1;
  const char *end = html + length;
  size_t written = 0;
  while (html < end) {
    bool is_picture = (size_t)(end - html) >= picture && memcmp(html, PICTURE, picture) == 0;
    if (!is_picture) {
      out[written++] = *html++;
      continue;
    }
    memcpy(out + written, html, picture);
    written += picture;
    html += picture;
    if (!says_how(html, end)) {
      memcpy(out + written, LATE, late);
      written += late;
    }
  }
  return written;
}

bool exports_smartcms_plugin_filters_filter_html(exports_smartcms_plugin_filters_filter_context_t *context,
                                                 plugin_string_t *html, plugin_string_t *ret, plugin_string_t *err) {
  exports_smartcms_plugin_filters_filter_context_free(context);
  // Every picture has at least as many bytes as stand before its attributes.
  size_t pictures = html->len / (sizeof PICTURE - 1);
  char *out = malloc(html->len + pictures * (sizeof LATE - 1) + 1);
  if (out == NULL) {
    *err = smartcms_text("there is not enough memory for this text");
    return false;
  }
  ret->len = with_late_pictures((const char *)html->ptr, html->len, out);
  ret->ptr = (uint8_t *)out;
  plugin_string_free(html);
  return true;
}

// Tidies titles, and refuses those that are longer than the setting `longest` says.

#include "smartcms.h"

/** How many characters a title may have when the operator does not say. */
static const long LONGEST_DEFAULT = 80;

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/** Copies a title without spaces around it, and with single ones inside. */
static size_t tidied(const char *title, size_t length, char *out) {
  size_t written = 0;
  for (size_t at = 0; at < length; at++) {
    bool space = is_space(title[at]);
    if (!space) out[written++] = title[at];
    else if (written > 0 && out[written - 1] != ' ') out[written++] = ' ';
  }
  return written > 0 && out[written - 1] == ' ' ? written - 1 : written;
}

bool exports_smartcms_plugin_before_save_before_save(exports_smartcms_plugin_before_save_draft_t *draft,
                                                     exports_smartcms_plugin_before_save_list_field_t *ret,
                                                     exports_smartcms_plugin_before_save_list_problem_t *err) {
  ret->ptr = NULL;
  ret->len = 0;
  bool accepted = true;
  const plugin_string_t *title = smartcms_field_text(draft->fields.ptr, draft->fields.len, "title");
  if (title != NULL && title->len > 0) {
    long longest = smartcms_setting_integer("longest", LONGEST_DEFAULT);
    char *tidy = malloc(title->len);
    if (tidy == NULL) abort();
    size_t length = tidied((const char *)title->ptr, title->len, tidy);
    if (smartcms_characters(tidy, length) > (size_t)longest) {
      char message[80];
      snprintf(message, sizeof message, "This title has more than %ld characters.", longest);
      err->ptr = smartcms_one_problem("title", "too-long", message);
      err->len = 1;
      accepted = false;
    } else if (length != title->len || memcmp(tidy, title->ptr, length) != 0) {
      ret->ptr = smartcms_one_text_field("title", tidy, length);
      ret->len = 1;
    }
    free(tidy);
  }
  exports_smartcms_plugin_before_save_draft_free(draft);
  return accepted;
}

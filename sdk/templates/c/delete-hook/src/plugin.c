// Keeps entries that the site cannot do without: those whose slugs are in the setting `keep`.

#include "smartcms.h"

/** What is kept when the operator does not say: slugs, with commas between them. */
static const char KEEP_DEFAULT[] = "home, about";

/** Whether a slug is in a list of slugs with commas and spaces between them. */
static bool is_kept(const plugin_string_t *slug, const char *list) {
  const char *between = ", ";
  for (const char *at = list + strspn(list, between); *at != '\0'; at += strspn(at, between)) {
    size_t length = strcspn(at, between);
    if (length == slug->len && memcmp(at, slug->ptr, length) == 0) return true;
    at += length;
  }
  return false;
}

bool exports_smartcms_plugin_before_delete_before_delete(exports_smartcms_plugin_before_delete_entry_t *entry,
                                                         exports_smartcms_plugin_before_delete_list_problem_t *err) {
  char *chosen = smartcms_setting("keep");
  bool kept = is_kept(&entry->slug, chosen != NULL ? chosen : KEEP_DEFAULT);
  free(chosen);
  if (kept) {
    char message[160];
    snprintf(message, sizeof message, "The site needs `%.*s`; change it instead.", (int)entry->slug.len,
             (const char *)entry->slug.ptr);
    err->ptr = smartcms_one_problem(NULL, "protected", message);
    err->len = 1;
  }
  exports_smartcms_plugin_before_delete_entry_free(entry);
  return !kept;
}

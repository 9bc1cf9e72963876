// Refuses to publish what still has a TODO in it.

#include "smartcms.h"

static const char MARK[] = "TODO";

static bool is_unfinished(const smartcms_content_types_field_t *field) {
  if (field->value.tag != SMARTCMS_CONTENT_TYPES_VALUE_TEXT) return false;
  const plugin_string_t *text = &field->value.val.text;
  for (size_t at = 0; at + sizeof MARK - 1 <= text->len; at++) {
    if (memcmp(text->ptr + at, MARK, sizeof MARK - 1) == 0) return true;
  }
  return false;
}

bool exports_smartcms_plugin_before_publish_before_publish(exports_smartcms_plugin_before_publish_entry_t *entry,
                                                           exports_smartcms_plugin_before_publish_list_problem_t *err) {
  err->len = 0;
  err->ptr = calloc(entry->fields.len + 1, sizeof *err->ptr);
  if (err->ptr == NULL) abort();
  for (size_t at = 0; at < entry->fields.len; at++) {
    const smartcms_content_types_field_t *field = &entry->fields.ptr[at];
    if (!is_unfinished(field)) continue;
    smartcms_content_types_problem_t *problem = &err->ptr[err->len++];
    *problem = smartcms_problem(NULL, "unfinished", "There is still a TODO in this text.");
    problem->field.is_some = true;
    problem->field.val = smartcms_text_n((const char *)field->name.ptr, field->name.len);
  }
  bool accepted = err->len == 0;
  if (accepted) free(err->ptr);
  exports_smartcms_plugin_before_publish_entry_free(entry);
  return accepted;
}

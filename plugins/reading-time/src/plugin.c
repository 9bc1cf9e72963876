// Fills in how many minutes an entry takes to read, whenever it is saved.

#include "smartcms.h"
#include "words.h"

static const long WORDS_PER_MINUTE_DEFAULT = 200, WORDS_PER_MINUTE_MIN = 50, WORDS_PER_MINUTE_MAX = 1000;

/** A sign of Chinese or Japanese takes this many tenths of the time of a word. */
static const size_t TENTHS_PER_SIGN = 4;

/** A setting that is a text, or its default; the caller frees it. */
static char *text_setting(const char *name, const char *otherwise) {
  char *text = smartcms_setting(name);
  if (text != NULL && *text != '\0') return text;
  free(text);
  text = malloc(strlen(otherwise) + 1);
  if (text == NULL) abort();
  return strcpy(text, otherwise);
}

/** How fast readers read, as the operator set it where that makes sense. */
static size_t words_per_minute(void) {
  long speed = smartcms_setting_integer("words_per_minute", WORDS_PER_MINUTE_DEFAULT);
  if (speed >= WORDS_PER_MINUTE_MIN && speed <= WORDS_PER_MINUTE_MAX) return (size_t)speed;
  smartcms_log_warn("the setting `words_per_minute` is %ld, and has to be %ld to %ld; %ld is used", speed,
                    WORDS_PER_MINUTE_MIN, WORDS_PER_MINUTE_MAX, WORDS_PER_MINUTE_DEFAULT);
  return (size_t)WORDS_PER_MINUTE_DEFAULT;
}

/** Whether a name is one of those with spaces between. */
static bool is_one_of(const plugin_string_t *name, const char *names) {
  while (*names != '\0') {
    size_t length = strcspn(names, " ,");
    if (length == name->len && length > 0 && memcmp(names, name->ptr, length) == 0) return true;
    names += length;
    names += strspn(names, " ,");
  }
  return false;
}

typedef smartcms_content_types_field_t field_t;

static const field_t *find(const exports_smartcms_plugin_before_save_list_field_t *fields, const char *name) {
  for (size_t at = 0; at < fields->len; at++) {
    if (smartcms_equals(&fields->ptr[at].name, name)) return &fields->ptr[at];
  }
  return NULL;
}

/** The minutes that a field takes, at least one; 0 when there is nothing to read. */
static int64_t minutes_of(const field_t *body) {
  if (body == NULL) return 0;
  words_t count = {0, 0};
  if (body->value.tag == SMARTCMS_CONTENT_TYPES_VALUE_TEXT) {
    count = words_in_text((const char *)body->value.val.text.ptr, body->value.val.text.len);
  } else if (body->value.tag == SMARTCMS_CONTENT_TYPES_VALUE_JSON) {
    count = words_in_blocks((const char *)body->value.val.json.ptr, body->value.val.json.len);
  }
  size_t tenths = count.words * 10 + count.signs * TENTHS_PER_SIGN;
  size_t of_a_minute = words_per_minute() * 10;
  return (int64_t)((tenths + of_a_minute - 1) / of_a_minute);
}

/** The change of a draft: none, or the minutes under the name of their field. */
static void fill_in(const exports_smartcms_plugin_before_save_draft_t *draft, const char *name, const field_t *body,
                    exports_smartcms_plugin_before_save_list_field_t *ret) {
  const field_t *before = find(&draft->fields, name);
  int64_t minutes = minutes_of(body);
  if (minutes == 0 && before == NULL) return;
  bool is_same = before != NULL && before->value.tag == SMARTCMS_CONTENT_TYPES_VALUE_INTEGER &&
                 before->value.val.integer == minutes;
  if (is_same) return;
  ret->ptr = malloc(sizeof *ret->ptr);
  if (ret->ptr == NULL) abort();
  ret->len = 1;
  ret->ptr->name = smartcms_text(name);
  ret->ptr->value.tag = minutes > 0 ? SMARTCMS_CONTENT_TYPES_VALUE_INTEGER : SMARTCMS_CONTENT_TYPES_VALUE_NONE;
  ret->ptr->value.val.integer = minutes;
}

bool exports_smartcms_plugin_before_save_before_save(exports_smartcms_plugin_before_save_draft_t *draft,
                                                     exports_smartcms_plugin_before_save_list_field_t *ret,
                                                     exports_smartcms_plugin_before_save_list_problem_t *err) {
  (void)err; // It never refuses: an entry is worth more than its reading time.
  ret->ptr = NULL;
  ret->len = 0;
  char *collections = text_setting("collections", "posts");
  if (is_one_of(&draft->collection, collections)) {
    char *body = text_setting("body", "body"), *field = text_setting("field", "reading_minutes");
    fill_in(draft, field, find(&draft->fields, body), ret);
    free(body);
    free(field);
  }
  free(collections);
  exports_smartcms_plugin_before_save_draft_free(draft);
  return true;
}

/**
 * What a SmartCMS plugin in C is written against, beside the bindings that `smartcms plugin build` makes of the
 * project's wit/world.wit: small functions for texts, settings, the log, fields, problems and keys.
 *
 * A part is there when the world imports what it needs. Whatever is handed to the host in a result is freed after the
 * call, so that it has to be made by malloc: smartcms_text and the other functions here do that.
 */
#ifndef SMARTCMS_H
#define SMARTCMS_H

#include "plugin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** The longest line that smartcms_log writes; more is cut. */
#define SMARTCMS_LINE_MAX 1024

/** A copy of a text, for a result. */
static inline plugin_string_t smartcms_text(const char *text) {
  plugin_string_t copy;
  plugin_string_dup(&copy, text);
  return copy;
}

/** A copy of bytes, for a result. */
static inline plugin_string_t smartcms_text_n(const char *bytes, size_t length) {
  plugin_string_t copy;
  plugin_string_dup_n(&copy, bytes, length);
  return copy;
}

/** A text of the program itself, to hand to the host in a call; nothing is copied. */
static inline plugin_string_t smartcms_view(const char *text) {
  plugin_string_t view = {(uint8_t *)text, strlen(text)};
  return view;
}

/** Whether a string is this text. */
static inline bool smartcms_equals(const plugin_string_t *string, const char *text) {
  size_t length = strlen(text);
  return string->len == length && memcmp(string->ptr, text, length) == 0;
}

/** The characters of a string in UTF-8: its bytes without those that go on with a character. */
static inline size_t smartcms_characters(const char *bytes, size_t length) {
  size_t count = 0;
  for (size_t at = 0; at < length; at++) count += ((uint8_t)bytes[at] & 0xC0) != 0x80;
  return count;
}

#ifdef WASI_LOGGING_LOGGING_LEVEL_INFO
/** A line in the plugin's log, which `smartcms plugin logs` shows; written like printf. No grant is needed. */
__attribute__((format(printf, 2, 3))) static inline void smartcms_log(wasi_logging_logging_level_t level,
                                                                      const char *format, ...) {
  char line[SMARTCMS_LINE_MAX];
  va_list values;
  va_start(values, format);
  vsnprintf(line, sizeof line, format, values);
  va_end(values);
  plugin_string_t context = smartcms_view("plugin");
  plugin_string_t message = smartcms_view(line);
  wasi_logging_logging_log(level, &context, &message);
}

/** A line that is good to know. */
#define smartcms_log_info(...) smartcms_log(WASI_LOGGING_LOGGING_LEVEL_INFO, __VA_ARGS__)
/** A line that somebody should look at. */
#define smartcms_log_warn(...) smartcms_log(WASI_LOGGING_LOGGING_LEVEL_WARN, __VA_ARGS__)
/** A line that somebody must act on. */
#define smartcms_log_error(...) smartcms_log(WASI_LOGGING_LOGGING_LEVEL_ERROR, __VA_ARGS__)
#endif

#ifdef WASI_CONFIG_STORE_ERROR_IO
/**
 * A setting of the plugin as the operator gave it: text as it is, anything else as JSON. The caller frees it. NULL when
 * it was not given. No grant is needed.
 */
static inline char *smartcms_setting(const char *name) {
  plugin_string_t key = smartcms_view(name);
  plugin_option_string_t value;
  wasi_config_store_error_t error;
  if (!wasi_config_store_get(&key, &value, &error)) {
    wasi_config_store_error_free(&error);
    return NULL;
  }
  if (!value.is_some) return NULL;
  char *text = malloc(value.val.len + 1);
  if (text == NULL) abort();
  memcpy(text, value.val.ptr, value.val.len);
  text[value.val.len] = '\0';
  plugin_option_string_free(&value);
  return text;
}

/** A setting that is a whole number; the default when it was not given or is none. */
static inline long smartcms_setting_integer(const char *name, long otherwise) {
  char *text = smartcms_setting(name);
  if (text == NULL) return otherwise;
  char *end;
  long number = strtol(text, &end, 10);
  if (end == text || *end != '\0') number = otherwise;
  free(text);
  return number;
}
#endif

#ifdef SMARTCMS_CONTENT_TYPES_VALUE_TEXT
/** The text of a field; NULL when the list does not name it, or when it holds anything else. */
static inline const plugin_string_t *smartcms_field_text(const smartcms_content_types_field_t *fields, size_t count,
                                                         const char *name) {
  for (size_t at = 0; at < count; at++) {
    if (smartcms_equals(&fields[at].name, name)) {
      bool is_text = fields[at].value.tag == SMARTCMS_CONTENT_TYPES_VALUE_TEXT;
      return is_text ? &fields[at].value.val.text : NULL;
    }
  }
  return NULL;
}

/** A list of one field with a text, for the changes that a hook gives back. */
static inline smartcms_content_types_field_t *smartcms_one_text_field(const char *name, const char *text,
                                                                      size_t length) {
  smartcms_content_types_field_t *field = malloc(sizeof *field);
  if (field == NULL) abort();
  field->name = smartcms_text(name);
  field->value.tag = SMARTCMS_CONTENT_TYPES_VALUE_TEXT;
  field->value.val.text = smartcms_text_n(text, length);
  return field;
}

/** A problem: with NULL for the field it is of the whole entry. The code is for programs, the message for people. */
static inline smartcms_content_types_problem_t smartcms_problem(const char *field, const char *code,
                                                                const char *message) {
  smartcms_content_types_problem_t problem = {
      .field = {.is_some = field != NULL},
      .code = smartcms_text(code),
      .message = smartcms_text(message),
  };
  if (field != NULL) problem.field.val = smartcms_text(field);
  return problem;
}

/** A list of one problem, to refuse with. */
static inline smartcms_content_types_problem_t *smartcms_one_problem(const char *field, const char *code,
                                                                     const char *message) {
  smartcms_content_types_problem_t *problem = malloc(sizeof *problem);
  if (problem == NULL) abort();
  *problem = smartcms_problem(field, code, message);
  return problem;
}
#endif

#ifdef WASI_KEYVALUE_STORE_ERROR_OTHER
/** The plugin's own keys: the grant `kv`. The caller closes it with smartcms_keys_close. False when it fails. */
static inline bool smartcms_keys_open(wasi_keyvalue_store_own_bucket_t *keys) {
  plugin_string_t name = smartcms_view("");
  wasi_keyvalue_store_error_t error;
  if (wasi_keyvalue_store_open(&name, keys, &error)) return true;
  wasi_keyvalue_store_error_free(&error);
  return false;
}

/** Gives the bucket back. */
static inline void smartcms_keys_close(wasi_keyvalue_store_own_bucket_t keys) {
  wasi_keyvalue_store_bucket_drop_own(keys);
}

/** Whether a key has a value. False when the host cannot say. */
static inline bool smartcms_keys_exists(wasi_keyvalue_store_own_bucket_t keys, const char *key, bool *exists) {
  plugin_string_t name = smartcms_view(key);
  wasi_keyvalue_store_error_t error;
  if (wasi_keyvalue_store_method_bucket_exists(wasi_keyvalue_store_borrow_bucket(keys), &name, exists, &error))
    return true;
  wasi_keyvalue_store_error_free(&error);
  return false;
}

/** Gives a key a text, in place of the one it had. False when nothing changed. */
static inline bool smartcms_keys_set(wasi_keyvalue_store_own_bucket_t keys, const char *key, const char *text) {
  plugin_string_t name = smartcms_view(key);
  plugin_list_u8_t value = {(uint8_t *)text, strlen(text)};
  wasi_keyvalue_store_error_t error;
  if (wasi_keyvalue_store_method_bucket_set(wasi_keyvalue_store_borrow_bucket(keys), &name, &value, &error))
    return true;
  wasi_keyvalue_store_error_free(&error);
  return false;
}
#endif

#endif

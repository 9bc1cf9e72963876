/**
 * For attributes of blocks and fields of the case json: what is in a JSON text, and text as it may stand in HTML.
 *
 * The host has checked that the JSON is valid. Nothing here recurses, however deep it is.
 */
#ifndef SMARTCMS_JSON_H
#define SMARTCMS_JSON_H

#include "smartcms.h"

/** One code point in UTF-8; how many bytes it took. */
static inline size_t smartcms_utf8(unsigned long code, char *out) {
  if (code < 0x80) return out[0] = (char)code, 1;
  if (code < 0x800) return out[0] = (char)(0xC0 | code >> 6), out[1] = (char)(0x80 | (code & 0x3F)), 2;
  if (code < 0x10000) {
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3F));
    return out[2] = (char)(0x80 | (code & 0x3F)), 3;
  }
  out[0] = (char)(0xF0 | code >> 18);
  out[1] = (char)(0x80 | (code >> 12 & 0x3F));
  out[2] = (char)(0x80 | (code >> 6 & 0x3F));
  return out[3] = (char)(0x80 | (code & 0x3F)), 4;
}

/** The four hexadecimal digits at a place. */
static inline unsigned long smartcms_hex4(const char *at) {
  char digits[5] = {at[0], at[1], at[2], at[3], '\0'};
  return strtoul(digits, NULL, 16);
}

/** Reads the string that begins after a quote, into `out` when it is not NULL; the place after its closing quote. */
static inline const char *smartcms_json_string(const char *at, const char *end, char *out, size_t *length) {
  size_t written = 0;
  while (at < end && *at != '"') {
    char bytes[4] = {*at};
    size_t count = 1;
    if (*at++ == '\\' && at < end) {
      char escaped = *at++;
      const char *from = "bfnrt", *to = "\b\f\n\r\t";
      const char *found = strchr(from, escaped);
      bytes[0] = found != NULL ? to[found - from] : escaped;
      if (escaped == 'u' && end - at >= 4) {
        unsigned long code = smartcms_hex4(at);
        at += 4;
        // Two halves make one character.
        if (code >= 0xD800 && code < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
          code = 0x10000 + ((code - 0xD800) << 10) + (smartcms_hex4(at + 2) - 0xDC00);
          at += 6;
        }
        count = smartcms_utf8(code, bytes);
      }
    }
    if (out != NULL) memcpy(out + written, bytes, count);
    written += count;
  }
  *length = written;
  return at < end ? at + 1 : end;
}

/** A value in a JSON text, as it is written there. Nothing is copied; `ptr` is NULL where there is none. */
typedef struct {
  const char *ptr;
  size_t len;
} smartcms_json_t;

static const smartcms_json_t SMARTCMS_JSON_NONE = {NULL, 0};

/** Whether this is space between values. */
static inline bool smartcms_json_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/** The value that begins at a place, with space before it. */
static inline smartcms_json_t smartcms_json_value(const char *at, const char *end) {
  while (at < end && smartcms_json_space(*at)) at++;
  const char *begun = at;
  size_t depth = 0, length;
  while (at < end) {
    char c = *at;
    if (depth == 0 && at > begun && (c == ',' || c == ']' || c == '}' || c == ':' || smartcms_json_space(c))) break;
    at++;
    if (c == '"') at = smartcms_json_string(at, end, NULL, &length);
    if (c == '[' || c == '{') depth++;
    if (c == ']' || c == '}') depth--;
    if (depth == 0 && (c == '"' || c == ']' || c == '}')) break;
  }
  smartcms_json_t value = {begun, (size_t)(at - begun)};
  return begun < end ? value : SMARTCMS_JSON_NONE;
}

/** The value that a JSON text is. */
static inline smartcms_json_t smartcms_json(const plugin_string_t *text) {
  return smartcms_json_value((const char *)text->ptr, (const char *)text->ptr + text->len);
}

/**
 * Walks through the items of an array: `at` is NULL before the first. False after the last one, and for what is no array.
 *
 *     const char *at = NULL;
 *     smartcms_json_t item;
 *     while (smartcms_json_next(array, &at, &item)) …
 */
static inline bool smartcms_json_next(smartcms_json_t array, const char **at, smartcms_json_t *item) {
  const char *end = array.ptr + array.len;
  if (*at == NULL) {
    if (array.ptr == NULL || array.len == 0 || *array.ptr != '[') return false;
    *at = array.ptr + 1;
  }
  while (*at < end && (smartcms_json_space(**at) || **at == ',')) (*at)++;
  if (*at >= end || **at == ']') return false;
  *item = smartcms_json_value(*at, end);
  *at = item->ptr + item->len;
  return true;
}

/** The value under a name in an object; none when there is none, and for what is no object. */
static inline smartcms_json_t smartcms_json_member(smartcms_json_t object, const char *name) {
  if (object.ptr == NULL || object.len == 0 || *object.ptr != '{') return SMARTCMS_JSON_NONE;
  const char *at = object.ptr + 1, *end = object.ptr + object.len;
  while (at < end) {
    while (at < end && (smartcms_json_space(*at) || *at == ',')) at++;
    if (at >= end || *at != '"') break;
    const char *key = at + 1;
    size_t length;
    at = smartcms_json_string(key, end, NULL, &length);
    bool is_wanted = length == strlen(name) && (size_t)(at - key - 1) == length && memcmp(key, name, length) == 0;
    while (at < end && (smartcms_json_space(*at) || *at == ':')) at++;
    smartcms_json_t value = smartcms_json_value(at, end);
    if (is_wanted) return value;
    if (value.ptr == NULL) break;
    at = value.ptr + value.len;
  }
  return SMARTCMS_JSON_NONE;
}

/** The text that a value is, which the caller frees; NULL when it is none. */
static inline char *smartcms_json_as_text(smartcms_json_t value) {
  if (value.ptr == NULL || value.len < 2 || *value.ptr != '"') return NULL;
  // Unescaped it is never longer.
  char *text = malloc(value.len + 4);
  if (text == NULL) abort();
  size_t length;
  smartcms_json_string(value.ptr + 1, value.ptr + value.len, text, &length);
  text[length] = '\0';
  return text;
}

/** The text under a name in a JSON object, which the caller frees; NULL when there is none. */
static inline char *smartcms_json_text(const plugin_string_t *json, const char *name) {
  return smartcms_json_as_text(smartcms_json_member(smartcms_json(json), name));
}

/** A text as it may stand in HTML, in attributes too; the caller frees it. */
static inline char *smartcms_escaped(const char *text) {
  char *out = malloc(strlen(text) * 6 + 1), *at = out;
  if (out == NULL) abort();
  for (; *text != '\0'; text++) {
    const char *entity = *text == '&'    ? "&amp;"
                         : *text == '<'  ? "&lt;"
                         : *text == '>'  ? "&gt;"
                         : *text == '"'  ? "&quot;"
                         : *text == '\'' ? "&#39;"
                                         : NULL;
    if (entity == NULL) *at++ = *text;
    else at += strlen(strcpy(at, entity));
  }
  *at = '\0';
  return out;
}

#endif

/**
 * For attributes of blocks: the texts in a JSON object, and text as it may stand in HTML.
 *
 * The host has checked that the JSON is valid. Other values than texts are skipped.
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

/** The text under a name in a JSON object, which the caller frees; NULL when there is none. */
static inline char *smartcms_json_text(const plugin_string_t *json, const char *name) {
  const char *at = (const char *)json->ptr, *end = at + json->len;
  int depth = 0;
  while (at < end) {
    char c = *at++;
    if (c == '{' || c == '[') depth++;
    if (c == '}' || c == ']') depth--;
    if (c != '"') continue;
    const char *begun = at;
    size_t length;
    at = smartcms_json_string(at, end, NULL, &length);
    const char *after = at;
    while (after < end && strchr(" \t\r\n", *after) != NULL) after++;
    bool is_name = depth == 1 && after < end && *after == ':';
    bool is_wanted = is_name && length == strlen(name) && memcmp(begun, name, length) == 0;
    if (!is_wanted) continue;
    for (after++; after < end && strchr(" \t\r\n", *after) != NULL;) after++;
    if (after == end || *after != '"') return NULL;
    // Unescaped it is never longer.
    char *text = malloc((size_t)(end - after) + 4);
    if (text == NULL) abort();
    smartcms_json_string(after + 1, end, text, &length);
    text[length] = '\0';
    return text;
  }
  return NULL;
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

#include "words.h"

#include "smartcms.h"
#include "smartcms_json.h"

/** What a character is for a reader. */
typedef enum { GAP, LETTER, JOINER, SIGN } kind_t;

/** One code point from UTF-8 that the host has checked; how many bytes it takes. */
static size_t code_point(const char *at, const char *end, unsigned long *code) {
  unsigned char first = (unsigned char)*at;
  size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if ((size_t)(end - at) < size) size = (size_t)(end - at);
  *code = size == 1 ? first : first & (0x7Fu >> size);
  for (size_t more = 1; more < size; more++) *code = *code << 6 | ((unsigned char)at[more] & 0x3F);
  return size;
}

static kind_t kind_of(unsigned long code) {
  if (code == '\'' || code == '-' || code == 0x2019) return JOINER;
  if (code < 0x80) {
    bool is_letter = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    return is_letter || code == '_' ? LETTER : GAP;
  }
  // Spaces, punctuation and symbols of the first planes; forms of full width.
  bool is_gap = (code < 0xC0 && code != 0xAA && code != 0xB5 && code != 0xBA) || code == 0xD7 || code == 0xF7 ||
                (code >= 0x2000 && code < 0x2C00) || (code >= 0x3000 && code < 0x3005) ||
                (code >= 0x3008 && code < 0x3021) || (code >= 0xFF00 && code < 0xFF10) || (code >= 0x1F000 && code < 0x20000);
  if (is_gap) return GAP;
  // Kana, and the signs of Chinese.
  bool is_sign = (code >= 0x3040 && code < 0x3100) || (code >= 0x3400 && code < 0xA000) ||
                 (code >= 0xF900 && code < 0xFB00) || (code >= 0x20000 && code < 0x40000);
  return is_sign ? SIGN : LETTER;
}

/** Counts in text without any markup. */
static void count_plain(const char *at, const char *end, words_t *count) {
  kind_t before = GAP;
  bool in_word = false;
  while (at < end) {
    unsigned long code;
    at += code_point(at, end, &code);
    kind_t kind = kind_of(code);
    if (kind == SIGN) count->signs++;
    // "don't" and "well-known" are one word each; "a - b" are two.
    if (kind == LETTER && !in_word) count->words++;
    in_word = kind == LETTER || (kind == JOINER && before == LETTER);
    before = kind;
  }
}

/** Where a tag of HTML ends that begins here; NULL when none does. */
static const char *behind_tag(const char *at, const char *end) {
  const char *name = at + 1;
  if (name < end && *name == '/') name++;
  if (name >= end || !((*name | 0x20) >= 'a' && (*name | 0x20) <= 'z')) return NULL;
  while (name < end && *name != '>' && *name != '<') name++;
  return name < end && *name == '>' ? name + 1 : NULL;
}

/** Where the target of a link ends that begins here, behind its text; NULL when none does. */
static const char *behind_target(const char *at, const char *end) {
  const char *inside = at + 2;
  while (inside < end && *inside != ')' && *inside != '(' && *inside != '\n') inside++;
  return inside < end && *inside == ')' ? inside + 1 : NULL;
}

words_t words_in_text(const char *text, size_t length) {
  words_t count = {0, 0};
  const char *end = text + length, *begun = text, *at = text;
  while (at < end) {
    const char *behind = NULL;
    if (*at == '<') behind = behind_tag(at, end);
    else if (*at == ']' && end - at > 1 && at[1] == '(') behind = behind_target(at, end);
    if (behind == NULL) {
      at++;
      continue;
    }
    count_plain(begun, at, &count);
    begun = at = behind;
  }
  count_plain(begun, end, &count);
  return count;
}

/** Whether the text between these quotes is a name under which readers find words. */
static bool is_read(const char *name, size_t length) {
  static const char *const NAMES[] = {"text", "caption", "title"};
  for (size_t at = 0; at < sizeof NAMES / sizeof *NAMES; at++) {
    if (length == strlen(NAMES[at]) && memcmp(name, NAMES[at], length) == 0) return true;
  }
  return false;
}

words_t words_in_blocks(const char *json, size_t length) {
  words_t count = {0, 0};
  const char *at = json, *end = json + length;
  bool reads_next = false;
  while (at < end) {
    if (*at++ != '"') continue;
    const char *begun = at;
    size_t unescaped;
    at = smartcms_json_string(at, end, NULL, &unescaped);
    const char *after = at;
    while (after < end && smartcms_json_space(*after)) after++;
    if (after < end && *after == ':') {
      reads_next = is_read(begun, (size_t)(at - begun - 1));
      // What follows counts only when it is a text itself.
      for (after++; after < end && smartcms_json_space(*after);) after++;
      reads_next = reads_next && after < end && *after == '"';
      continue;
    }
    if (!reads_next) continue;
    reads_next = false;
    char *text = malloc(unescaped + 4);
    if (text == NULL) abort();
    smartcms_json_string(begun, end, text, &unescaped);
    count_plain(text, text + unescaped, &count);
    free(text);
  }
  return count;
}

/** How many words a reader of a text sees. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

/** Words, and signs of scripts that write no spaces between words. */
typedef struct {
  size_t words;
  size_t signs;
} words_t;

/** Counts in Markdown or plain text in UTF-8: targets of links and tags of HTML are not read. */
words_t words_in_text(const char *text, size_t length);

/** Counts in a document of blocks, as JSON: the values of every key `text`, `caption` and `title`. */
words_t words_in_blocks(const char *json, size_t length);

#endif

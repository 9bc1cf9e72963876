// Counts the entries that readers see, a page at a time, so that it can stop and go on.

#include "smartcms.h"

#include <inttypes.h>

/** How many entries one page has. */
static const uint32_t PAGE = 100;

static const char COLLECTION_DEFAULT[] = "posts";

typedef exports_smartcms_plugin_tasks_task_run_t run_t;
typedef exports_smartcms_plugin_tasks_task_end_t end_t;
typedef exports_smartcms_plugin_tasks_task_error_t error_t;

/** What a run needs to go on: how many it counted, and where the next page begins. */
typedef struct {
  uint64_t count;
  plugin_option_string_t cursor;
} state_t;

void exports_smartcms_plugin_tasks_list(exports_smartcms_plugin_tasks_list_task_t *ret) {
  ret->len = 1;
  ret->ptr = malloc(sizeof *ret->ptr);
  if (ret->ptr == NULL) abort();
  ret->ptr->name = smartcms_text("count");
  ret->ptr->description = smartcms_text("Counts the entries that readers see.");
  ret->ptr->schedule.is_some = true;
  ret->ptr->schedule.val = smartcms_text("@daily");
  ret->ptr->overlap = false;
}

/** Reads a checkpoint, "COUNT CURSOR"; begins anew without one. */
static state_t state_of(const plugin_option_list_u8_t *checkpoint) {
  state_t state = {.count = 0, .cursor = {.is_some = false}};
  if (!checkpoint->is_some) return state;
  size_t at = 0, length = checkpoint->val.len;
  const uint8_t *bytes = checkpoint->val.ptr;
  for (; at < length && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
    state.count = state.count * 10 + (uint64_t)(bytes[at] - '0');
  }
  if (at < length) at++;
  state.cursor.is_some = at < length;
  if (at < length) state.cursor.val = smartcms_text_n((const char *)bytes + at, length - at);
  return state;
}

static void keep(const state_t *state) {
  char text[512];
  int written = snprintf(text, sizeof text, "%" PRIu64 " %.*s", state->count, (int)state->cursor.val.len,
                         (const char *)state->cursor.val.ptr);
  plugin_list_u8_t bytes = {(uint8_t *)text, (size_t)written < sizeof text ? (size_t)written : sizeof text - 1};
  smartcms_plugin_task_progress_save_checkpoint(&bytes);
}

/** Counts one page: false when it could not be read. Afterwards the cursor says whether there is another. */
static bool count_page(state_t *state, const plugin_string_t *collection) {
  smartcms_content_reader_query_t query = {.collection = *collection, .limit = PAGE, .cursor = state->cursor};
  smartcms_content_reader_page_t page;
  smartcms_content_reader_content_error_t error;
  bool read = smartcms_content_reader_list(&query, &page, &error);
  plugin_option_string_free(&state->cursor);
  state->cursor.is_some = false;
  if (!read) {
    smartcms_content_reader_content_error_free(&error);
    return false;
  }
  state->count += page.entries.len;
  if (page.next.is_some) {
    state->cursor.is_some = true;
    state->cursor.val = smartcms_text_n((const char *)page.next.val.ptr, page.next.val.len);
  }
  smartcms_content_reader_page_free(&page);
  return true;
}

/** Counts page after page until the last one, or until it is told to stop. */
static bool count_all(state_t *state, const plugin_string_t *collection, end_t *ret, error_t *err) {
  char text[256];
  for (;;) {
    if (!count_page(state, collection)) {
      err->tag = EXPORTS_SMARTCMS_PLUGIN_TASKS_TASK_ERROR_RETRY;
      err->val.retry = smartcms_text("a page could not be read");
      return false;
    }
    int length = (int)collection->len;
    snprintf(text, sizeof text, "counting %.*s", length, (const char *)collection->ptr);
    plugin_string_t message = smartcms_view(text);
    smartcms_plugin_task_progress_report(state->count, NULL, &message);
    if (!state->cursor.is_some) {
      snprintf(text, sizeof text, "%" PRIu64 " entries of %.*s", state->count, length, (const char *)collection->ptr);
      ret->tag = EXPORTS_SMARTCMS_PLUGIN_TASKS_TASK_END_DONE;
      ret->val.done = smartcms_text(text);
      return true;
    }
    keep(state);
    if (smartcms_plugin_task_progress_should_stop()) {
      ret->tag = EXPORTS_SMARTCMS_PLUGIN_TASKS_TASK_END_STOPPED;
      return true;
    }
  }
}

bool exports_smartcms_plugin_tasks_run(run_t *run, end_t *ret, error_t *err) {
  // What the operator wrote after the task's name.
  plugin_string_t collection = run->argument.is_some ? run->argument.val : smartcms_view(COLLECTION_DEFAULT);
  state_t state = state_of(&run->checkpoint);
  bool ended = count_all(&state, &collection, ret, err);
  plugin_option_string_free(&state.cursor);
  exports_smartcms_plugin_tasks_task_run_free(run);
  return ended;
}

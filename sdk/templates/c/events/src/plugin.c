// Counts what was published in each collection, and notes it in the log.
//
// The counts are kept in the plugin's own keys, so that it needs the grant `kv`.

#include "smartcms.h"

#include <inttypes.h>

#define KEY_MAX 256

typedef exports_smartcms_plugin_events_event_t event_t;

/** An event can come more than once: what was counted is remembered by its id. */
static bool count(const event_t *event, wasi_keyvalue_store_own_bucket_t keys) {
  char seen[KEY_MAX], published[KEY_MAX];
  snprintf(seen, sizeof seen, "seen/%.*s", (int)event->id.len, (const char *)event->id.ptr);
  int length = (int)event->collection.len;
  snprintf(published, sizeof published, "published/%.*s", length, (const char *)event->collection.ptr);
  bool known;
  if (!smartcms_keys_exists(keys, seen, &known)) return false;
  if (known) return true;
  plugin_string_t key = smartcms_view(published);
  uint64_t number;
  wasi_keyvalue_atomics_error_t error;
  if (!wasi_keyvalue_atomics_increment(wasi_keyvalue_store_borrow_bucket(keys), &key, 1, &number, &error)) {
    wasi_keyvalue_store_error_free(&error);
    return false;
  }
  if (!smartcms_keys_set(keys, seen, "1")) return false;
  smartcms_log_info("publication %" PRIu64 " in %.*s", number, length, (const char *)event->collection.ptr);
  return true;
}

bool exports_smartcms_plugin_events_on_event(event_t *event, exports_smartcms_plugin_events_event_error_t *err) {
  bool handled = true;
  if (smartcms_equals(&event->kind, "entry.published")) {
    wasi_keyvalue_store_own_bucket_t keys;
    handled = smartcms_keys_open(&keys);
    if (handled) {
      handled = count(event, keys);
      smartcms_keys_close(keys);
    }
  }
  if (!handled) {
    // What could not be stored now may be stored later.
    err->tag = EXPORTS_SMARTCMS_PLUGIN_EVENTS_EVENT_ERROR_RETRY;
    err->val.retry = smartcms_text("its keys could not be read or written");
  }
  exports_smartcms_plugin_events_event_free(event);
  return handled;
}

// Tries every capability, and says what came of it.

#include "smartcms.h"

#include <inttypes.h>

typedef exports_smartcms_plugin_tasks_task_run_t run_t;
typedef exports_smartcms_plugin_tasks_task_end_t end_t;
typedef exports_smartcms_plugin_tasks_task_error_t error_t;

/** Says what came of it; false where it was denied. What is allocated is never freed: an instance lives for one call. */
typedef bool trial_t(plugin_string_t argument, char *said, size_t size);

static bool say(char *said, size_t size, const plugin_string_t *text) {
  snprintf(said, size, "%.*s", (int)text->len, (const char *)text->ptr);
  return true;
}

static bool kv(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  wasi_keyvalue_store_own_bucket_t keys;
  if (!smartcms_keys_open(&keys)) return false;
  plugin_string_t key = smartcms_view("n");
  uint64_t sum;
  wasi_keyvalue_atomics_error_t error;
  if (!wasi_keyvalue_atomics_increment(wasi_keyvalue_store_borrow_bucket(keys), &key, 1, &sum, &error)) return false;
  snprintf(said, size, "%" PRIu64, sum);
  smartcms_keys_close(keys);
  return true;
}

static bool kvstore(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  plugin_string_t key = smartcms_view("k"), value = smartcms_view("kept"), found;
  component_smartcms_kvstore_set(&key, &value);
  return component_smartcms_kvstore_get(&key, &found) && say(said, size, &found);
}

/** False where content was denied: what was not granted is answered like what is not there. */
static bool other_than_denied(uint8_t tag, char *said, size_t size) {
  snprintf(said, size, "failed with %d", tag);
  return tag != SMARTCMS_CONTENT_TYPES_CONTENT_ERROR_DENIED && tag != SMARTCMS_CONTENT_TYPES_CONTENT_ERROR_NOT_FOUND;
}

static bool read_entries(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  smartcms_content_reader_query_t query = {.collection = smartcms_view("posts"), .limit = 10};
  smartcms_content_reader_page_t page;
  smartcms_content_reader_content_error_t error;
  if (!smartcms_content_reader_list(&query, &page, &error)) return other_than_denied(error.tag, said, size);
  snprintf(said, size, "%zu entries", page.entries.len);
  return true;
}

static bool write_entry(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  static const char TITLE[] = "Written";
  smartcms_content_types_field_t *title = smartcms_one_text_field("title", TITLE, sizeof TITLE - 1);
  smartcms_content_writer_new_entry_t entry = {.collection = smartcms_view("posts"), .fields = {title, 1}};
  smartcms_content_writer_entry_t written;
  smartcms_content_writer_content_error_t error;
  if (!smartcms_content_writer_create(&entry, &written, &error)) return other_than_denied(error.tag, said, size);
  snprintf(said, size, "written");
  return true;
}

static bool refused(const wasi_http_types_error_code_t *error, char *said, size_t size) {
  snprintf(said, size, "failed with %d", error->tag);
  return error->tag != WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_DENIED;
}

static bool http(plugin_string_t argument, char *said, size_t size) {
  wasi_http_types_own_outgoing_request_t request =
      wasi_http_types_constructor_outgoing_request(wasi_http_types_constructor_fields());
  wasi_http_types_borrow_outgoing_request_t borrowed = wasi_http_types_borrow_outgoing_request(request);
  wasi_http_types_scheme_t scheme = {.tag = WASI_HTTP_TYPES_SCHEME_HTTP};
  plugin_string_t path = smartcms_view("/");
  wasi_http_types_method_outgoing_request_set_scheme(borrowed, &scheme);
  wasi_http_types_method_outgoing_request_set_authority(borrowed, &argument);
  wasi_http_types_method_outgoing_request_set_path_with_query(borrowed, &path);
  wasi_http_types_own_future_incoming_response_t future;
  wasi_http_types_error_code_t error;
  if (!wasi_http_outgoing_handler_handle(request, NULL, &future, &error)) return refused(&error, said, size);
  wasi_http_types_borrow_future_incoming_response_t waiting = wasi_http_types_borrow_future_incoming_response(future);
  wasi_http_types_own_pollable_t ready = wasi_http_types_method_future_incoming_response_subscribe(waiting);
  wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(ready));
  wasi_http_types_result_result_own_incoming_response_error_code_void_t answer;
  if (!wasi_http_types_method_future_incoming_response_get(waiting, &answer)) return false;
  if (answer.val.ok.is_err) return refused(&answer.val.ok.val.err, said, size);
  wasi_http_types_borrow_incoming_response_t response = wasi_http_types_borrow_incoming_response(answer.val.ok.val.ok);
  snprintf(said, size, "answered %d", wasi_http_types_method_incoming_response_status(response));
  return true;
}

static bool fs(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  wasi_filesystem_preopens_list_tuple2_own_descriptor_string_t folders;
  wasi_filesystem_preopens_get_directories(&folders);
  if (folders.len == 0) return false;
  plugin_string_t name = smartcms_view("open.txt");
  wasi_filesystem_types_own_descriptor_t file;
  wasi_filesystem_types_error_code_t error;
  plugin_tuple2_list_u8_bool_t bytes;
  wasi_filesystem_types_borrow_descriptor_t folder = wasi_filesystem_types_borrow_descriptor(folders.ptr[0].f0);
  if (!wasi_filesystem_types_method_descriptor_open_at(folder, 0, &name, 0, WASI_FILESYSTEM_TYPES_DESCRIPTOR_FLAGS_READ,
                                                       &file, &error))
    return false;
  if (!wasi_filesystem_types_method_descriptor_read(wasi_filesystem_types_borrow_descriptor(file), 100, 0, &bytes, &error))
    return false;
  snprintf(said, size, "%.*s", (int)bytes.f0.len, (const char *)bytes.f0.ptr);
  return true;
}

static bool env(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  plugin_list_tuple2_string_string_t variables;
  wasi_cli_environment_get_environment(&variables);
  for (size_t at = 0; at < variables.len; at++) {
    if (smartcms_equals(&variables.ptr[at].f0, "PROBE_WORD")) return say(said, size, &variables.ptr[at].f1);
  }
  return false;
}

static bool settings(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  const char *word = smartcms_setting("word");
  if (word != NULL) snprintf(said, size, "%s", word);
  return word != NULL;
}

static bool line(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  smartcms_log_info("a line of the probe");
  snprintf(said, size, "logged");
  return true;
}

static bool clocks(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  wasi_clocks_wall_clock_datetime_t now;
  wasi_clocks_wall_clock_now(&now);
  snprintf(said, size, "a time");
  return now.seconds > 0;
}

static bool numbers(plugin_string_t argument, char *said, size_t size) {
  (void)argument;
  snprintf(said, size, "two numbers");
  return wasi_random_random_get_random_u64() != wasi_random_random_get_random_u64();
}

static const struct {
  const char *name;
  trial_t *trial;
} TRIALS[] = {
    {"kv", kv},   {"kvstore", kvstore},   {"read", read_entries}, {"write", write_entry}, {"http", http},      {"fs", fs},
    {"env", env}, {"settings", settings}, {"log", line},          {"clocks", clocks},     {"random", numbers},
};
enum { COUNT = sizeof TRIALS / sizeof TRIALS[0] };

void exports_smartcms_plugin_tasks_list(exports_smartcms_plugin_tasks_list_task_t *ret) {
  ret->len = COUNT;
  ret->ptr = calloc(COUNT, sizeof *ret->ptr);
  if (ret->ptr == NULL) abort();
  for (size_t at = 0; at < COUNT; at++) {
    ret->ptr[at].name = smartcms_text(TRIALS[at].name);
    ret->ptr[at].description = smartcms_text("Tries it.");
  }
}

bool exports_smartcms_plugin_tasks_run(run_t *run, end_t *ret, error_t *err) {
  char said[256] = "";
  plugin_string_t argument = run->argument.is_some ? run->argument.val : smartcms_view("");
  bool allowed = false;
  for (size_t at = 0; at < COUNT; at++) {
    if (smartcms_equals(&run->task, TRIALS[at].name)) allowed = TRIALS[at].trial(argument, said, sizeof said);
  }
  if (allowed) {
    ret->tag = EXPORTS_SMARTCMS_PLUGIN_TASKS_TASK_END_DONE;
    ret->val.done = smartcms_text(said);
  } else {
    err->tag = EXPORTS_SMARTCMS_PLUGIN_TASKS_TASK_ERROR_FAILED;
    err->val.failed = smartcms_text("denied");
  }
  return allowed;
}

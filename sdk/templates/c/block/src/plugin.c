// Brings a block for notes that readers should not miss.

#include "smartcms.h"
#include "smartcms_json.h"

/** The attributes of a note: the site holds what authors write against it. */
static const char SCHEMA[] = "{"
                             "\"type\": \"object\","
                             "\"properties\": {"
                             "  \"text\": { \"type\": \"string\", \"minLength\": 1, \"maxLength\": 2000 },"
                             "  \"label\": { \"type\": \"string\", \"maxLength\": 40 }"
                             "},"
                             "\"required\": [\"text\"],"
                             "\"additionalProperties\": false"
                             "}";

void exports_smartcms_plugin_blocks_list(exports_smartcms_plugin_blocks_list_block_kind_t *ret) {
  ret->len = 1;
  ret->ptr = malloc(sizeof *ret->ptr);
  if (ret->ptr == NULL) abort();
  ret->ptr->name = smartcms_text("note");
  ret->ptr->title = smartcms_text("Note");
  ret->ptr->description = smartcms_text("A text that stands apart, so that nobody misses it.");
  ret->ptr->schema = smartcms_text(SCHEMA);
}

/** An attribute as it may stand in HTML; the caller frees it. */
static char *attribute(const plugin_string_t *attributes, const char *name, const char *otherwise) {
  char *text = smartcms_json_text(attributes, name);
  char *escaped = smartcms_escaped(text != NULL ? text : otherwise);
  free(text);
  return escaped;
}

bool exports_smartcms_plugin_blocks_render(plugin_string_t *kind, plugin_string_t *attributes,
                                           exports_smartcms_plugin_blocks_block_context_t *context,
                                           plugin_string_t *ret, plugin_string_t *err) {
  (void)err;
  char *label = attribute(attributes, "label", "Note");
  char *text = attribute(attributes, "text", "");
  const char *format = "<aside><p><strong>%s:</strong> %s</p></aside>";
  size_t room = strlen(format) + strlen(label) + strlen(text);
  char *html = malloc(room);
  if (html == NULL) abort();
  ret->len = (size_t)snprintf(html, room, format, label, text);
  ret->ptr = (uint8_t *)html;
  free(label);
  free(text);
  plugin_string_free(kind);
  plugin_string_free(attributes);
  exports_smartcms_plugin_blocks_block_context_free(context);
  return true;
}

// Brings a function that counts the words of a text.

#include "smartcms.h"

void exports_smartcms_plugin_functions_list(exports_smartcms_plugin_functions_list_function_t *ret) {
  ret->len = 1;
  ret->ptr = malloc(sizeof *ret->ptr);
  exports_smartcms_plugin_functions_parameter_t *text = malloc(sizeof *text);
  if (ret->ptr == NULL || text == NULL) abort();
  text->name = smartcms_text("text");
  text->type = EXPORTS_SMARTCMS_PLUGIN_FUNCTIONS_SCALAR_TYPE_TEXT;
  ret->ptr->name = smartcms_text("words");
  ret->ptr->description = smartcms_text("How many words a text has.");
  ret->ptr->parameters.ptr = text;
  ret->ptr->parameters.len = 1;
  ret->ptr->result = EXPORTS_SMARTCMS_PLUGIN_FUNCTIONS_SCALAR_TYPE_INTEGER;
  ret->ptr->deterministic = true;
}

static int64_t words(const uint8_t *text, size_t length) {
  int64_t count = 0;
  bool inside = false;
  for (size_t at = 0; at < length; at++) {
    bool space = text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r');
    count += !space && !inside;
    inside = !space;
  }
  return count;
}

bool exports_smartcms_plugin_functions_call(plugin_string_t *name,
                                            exports_smartcms_plugin_functions_list_scalar_t *arguments,
                                            exports_smartcms_plugin_functions_scalar_t *ret, plugin_string_t *err) {
  bool known = smartcms_equals(name, "words") && arguments->len == 1;
  if (!known) {
    *err = smartcms_text("there is no such function");
  } else if (arguments->ptr->tag == EXPORTS_SMARTCMS_PLUGIN_FUNCTIONS_SCALAR_TEXT) {
    ret->tag = EXPORTS_SMARTCMS_PLUGIN_FUNCTIONS_SCALAR_INTEGER;
    ret->val.integer = words(arguments->ptr->val.text.ptr, arguments->ptr->val.text.len);
  } else {
    // Any argument can be missing; then the result is too.
    ret->tag = EXPORTS_SMARTCMS_PLUGIN_FUNCTIONS_SCALAR_NULL;
  }
  plugin_string_free(name);
  exports_smartcms_plugin_functions_list_scalar_free(arguments);
  return known;
}

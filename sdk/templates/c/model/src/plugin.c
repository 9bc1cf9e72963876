// Brings a model that shortens a text to its first sentence: the shape of a real one, without its weights.

#include "smartcms.h"

static const char NAME[] = "first-sentence";

/** How many numbers a vector has. */
enum { DIMENSIONS = 4 };

typedef exports_smartcms_plugin_ai_provider_ai_error_t error_t;
typedef exports_smartcms_plugin_ai_provider_text_stream_t stream_t;

/** A text on its way: what is still to come of it, at most so many words. */
struct exports_smartcms_plugin_ai_provider_text_stream_t {
  plugin_string_t text;
  size_t at;
  uint32_t words_left;
};

static bool failed(error_t *err, uint8_t tag, const char *text) {
  err->tag = tag;
  err->val.invalid = smartcms_text(text);
  return false;
}

static bool known(const plugin_string_t *model, error_t *err) {
  if (smartcms_equals(model, NAME)) return true;
  err->tag = EXPORTS_SMARTCMS_PLUGIN_AI_PROVIDER_AI_ERROR_UNKNOWN_MODEL;
  err->val.unknown_model = smartcms_text_n((const char *)model->ptr, model->len);
  return false;
}

bool exports_smartcms_plugin_ai_provider_models(exports_smartcms_plugin_ai_provider_list_model_t *ret, error_t *err) {
  (void)err;
  ret->len = 1;
  ret->ptr = malloc(sizeof *ret->ptr);
  plugin_string_t *abilities = malloc(2 * sizeof *abilities);
  if (ret->ptr == NULL || abilities == NULL) abort();
  abilities[0] = smartcms_text("generate");
  abilities[1] = smartcms_text("embed");
  ret->ptr->name = smartcms_text(NAME);
  ret->ptr->title = smartcms_text("The first sentence");
  ret->ptr->abilities.ptr = abilities;
  ret->ptr->abilities.len = 2;
  ret->ptr->dimensions.is_some = true;
  ret->ptr->dimensions.val = DIMENSIONS;
  ret->ptr->context_tokens.is_some = false;
  return true;
}

/** How long the first sentence is. */
static size_t first_sentence(const plugin_string_t *text) {
  for (size_t at = 0; at + 1 < text->len; at++) {
    if (text->ptr[at] == '.' && text->ptr[at + 1] == ' ') return at + 1;
  }
  return text->len;
}

static bool begin(const exports_smartcms_plugin_ai_provider_generation_t *request,
                  exports_smartcms_plugin_ai_provider_own_text_stream_t *ret, error_t *err) {
  if (!known(&request->model, err)) return false;
  const plugin_string_t *said = NULL;
  for (size_t at = 0; at < request->messages.len; at++) {
    if (smartcms_equals(&request->messages.ptr[at].role, "user")) said = &request->messages.ptr[at].text;
  }
  if (said == NULL)
    return failed(err, EXPORTS_SMARTCMS_PLUGIN_AI_PROVIDER_AI_ERROR_INVALID, "nobody said anything");
  stream_t *stream = malloc(sizeof *stream);
  if (stream == NULL) abort();
  stream->text = smartcms_text_n((const char *)said->ptr, first_sentence(said));
  stream->at = 0;
  stream->words_left = request->tokens_max;
  *ret = exports_smartcms_plugin_ai_provider_text_stream_new(stream);
  return true;
}

bool exports_smartcms_plugin_ai_provider_generate(exports_smartcms_plugin_ai_provider_generation_t *request,
                                                  exports_smartcms_plugin_ai_provider_own_text_stream_t *ret,
                                                  error_t *err) {
  bool begun = begin(request, ret, err);
  exports_smartcms_plugin_ai_provider_generation_free(request);
  return begun;
}

bool exports_smartcms_plugin_ai_provider_method_text_stream_next(stream_t *self, plugin_option_string_t *ret,
                                                                 error_t *err) {
  (void)err;
  size_t begin = self->at;
  ret->is_some = begin < self->text.len && self->words_left > 0;
  if (!ret->is_some) return true;
  while (self->at < self->text.len && self->text.ptr[self->at] != ' ') self->at++;
  if (self->at < self->text.len) self->at++;
  self->words_left--;
  ret->val = smartcms_text_n((const char *)self->text.ptr + begin, self->at - begin);
  return true;
}

void exports_smartcms_plugin_ai_provider_method_text_stream_end(stream_t *self,
                                                                exports_smartcms_plugin_ai_provider_text_end_t *ret) {
  ret->reason = smartcms_text(self->at < self->text.len ? "length" : "done");
  ret->tokens_read.is_some = false;
  ret->tokens_written.is_some = false;
}

void exports_smartcms_plugin_ai_provider_text_stream_destructor(stream_t *stream) {
  plugin_string_free(&stream->text);
  free(stream);
}

/** How often letters come, four kinds of them. */
static float *direction(const plugin_string_t *text) {
  float *counts = calloc(DIMENSIONS, sizeof *counts);
  if (counts == NULL) abort();
  for (size_t at = 0; at < text->len; at++) counts[text->ptr[at] % DIMENSIONS] += 1;
  // A vector has to point somewhere.
  if (text->len == 0) counts[0] = 1;
  return counts;
}

bool exports_smartcms_plugin_ai_provider_embed(exports_smartcms_plugin_ai_provider_embedding_t *request,
                                               plugin_list_list_f32_t *ret, error_t *err) {
  bool is_known = known(&request->model, err);
  if (is_known) {
    ret->len = request->texts.len;
    ret->ptr = calloc(ret->len + 1, sizeof *ret->ptr);
    if (ret->ptr == NULL) abort();
    for (size_t at = 0; at < ret->len; at++) {
      ret->ptr[at].len = DIMENSIONS;
      ret->ptr[at].ptr = direction(&request->texts.ptr[at]);
    }
  }
  exports_smartcms_plugin_ai_provider_embedding_free(request);
  return is_known;
}

bool exports_smartcms_plugin_ai_provider_describe(exports_smartcms_plugin_ai_provider_description_t *request,
                                                  plugin_string_t *ret, error_t *err) {
  (void)ret;
  if (known(&request->model, err))
    failed(err, EXPORTS_SMARTCMS_PLUGIN_AI_PROVIDER_AI_ERROR_UNKNOWN_MODEL, "it does not see images");
  exports_smartcms_plugin_ai_provider_description_free(request);
  return false;
}

// Brings a block for several pictures beside one another, with captions.

#include "html.h"
#include "smartcms.h"
#include "smartcms_json.h"

/** What authors write: the site holds it against this. */
static const char SCHEMA[] =
    "{"
    "\"type\": \"object\","
    "\"properties\": {"
    "  \"caption\": { \"type\": \"string\", \"title\": \"Caption\", \"maxLength\": 500 },"
    "  \"images\": {"
    "    \"type\": \"array\", \"title\": \"Pictures\", \"minItems\": 1, \"maxItems\": 60,"
    "    \"items\": {"
    "      \"type\": \"object\","
    "      \"properties\": {"
    "        \"asset\": { \"type\": \"string\", \"title\": \"File\", \"pattern\": \"^[A-Za-z0-9_-]{1,64}$\" },"
    "        \"url\": { \"type\": \"string\", \"title\": \"Address\", \"pattern\": \"^(https://|/[^/])\", \"maxLength\": 2000 },"
    "        \"alt\": { \"type\": \"string\", \"title\": \"Instead of the picture\", \"maxLength\": 500 },"
    "        \"caption\": { \"type\": \"string\", \"title\": \"Caption\", \"maxLength\": 500 }"
    "      },"
    "      \"oneOf\": [{ \"required\": [\"asset\"] }, { \"required\": [\"url\"] }],"
    "      \"additionalProperties\": false"
    "    }"
    "  }"
    "},"
    "\"required\": [\"images\"],"
    "\"additionalProperties\": false"
    "}";

/** More pictures than the schema allows may come from an entry of before. */
static const size_t IMAGES_MAX = 60;

void exports_smartcms_plugin_blocks_list(exports_smartcms_plugin_blocks_list_block_kind_t *ret) {
  ret->len = 1;
  ret->ptr = malloc(sizeof *ret->ptr);
  if (ret->ptr == NULL) abort();
  ret->ptr->name = smartcms_text("grid");
  ret->ptr->title = smartcms_text("Gallery");
  ret->ptr->description = smartcms_text("Pictures beside one another, each with a caption if it needs one.");
  ret->ptr->schema = smartcms_text(SCHEMA);
}

/** Adds ` NAME="VALUE"` from a member of an object; nothing where there is none, unless it has to be there. */
static void add_attribute(html_t *html, const char *name, smartcms_json_t object, const char *member, bool always) {
  char *text = smartcms_json_as_text(smartcms_json_member(object, member));
  if (text != NULL || always) {
    html_add(html, " ");
    html_add(html, name);
    html_add(html, "=\"");
    html_add_text(html, text != NULL ? text : "");
    html_add(html, "\"");
  }
  free(text);
}

/** Adds a caption where there is one. */
static void add_caption(html_t *html, smartcms_json_t object) {
  char *text = smartcms_json_as_text(smartcms_json_member(object, "caption"));
  if (text != NULL && *text != '\0') {
    html_add(html, "<figcaption>");
    html_add_text(html, text);
    html_add(html, "</figcaption>");
  }
  free(text);
}

/** Adds a picture. The site puts its own sizes and its file's alternative text where nothing else is said. */
static void add_image(html_t *html, smartcms_json_t image) {
  html_add(html, "<figure><img");
  add_attribute(html, "data-asset", image, "asset", false);
  add_attribute(html, "src", image, "url", false);
  add_attribute(html, "alt", image, "alt", true);
  html_add(html, " loading=\"lazy\">");
  add_caption(html, image);
  html_add(html, "</figure>\n");
}

bool exports_smartcms_plugin_blocks_render(plugin_string_t *kind, plugin_string_t *attributes,
                                           exports_smartcms_plugin_blocks_block_context_t *context,
                                           plugin_string_t *ret, plugin_string_t *err) {
  (void)err;
  smartcms_json_t gallery = smartcms_json(attributes), image;
  html_t html = {NULL, 0, 0};
  html_add(&html, "<figure>\n");
  const char *at = NULL;
  size_t count = 0;
  smartcms_json_t images = smartcms_json_member(gallery, "images");
  while (count++ < IMAGES_MAX && smartcms_json_next(images, &at, &image)) add_image(&html, image);
  add_caption(&html, gallery);
  html_add(&html, "</figure>");
  ret->ptr = (uint8_t *)html.bytes;
  ret->len = html.length;
  plugin_string_free(kind);
  plugin_string_free(attributes);
  exports_smartcms_plugin_blocks_block_context_free(context);
  return true;
}

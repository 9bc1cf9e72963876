// Package blocks brings a block for notes that readers should not miss.
package blocks

import (
	"encoding/json"
	"fmt"
	"html"

	wit "go.bytecodealliance.org/pkg/wit/types"

	"smartcms/result"
	"world/smartcms_plugin_blocks"
)

// schema is what a note may say: the site holds what authors write against it.
const schema = `{
  "type": "object",
  "properties": {
    "text": { "type": "string", "minLength": 1, "maxLength": 2000 },
    "label": { "type": "string", "maxLength": 40 }
  },
  "required": ["text"],
  "additionalProperties": false
}`

type note struct {
	Text  string `json:"text"`
	Label string `json:"label"`
}

// List says which blocks there are.
func List() []smartcms_plugin_blocks.BlockKind {
	return []smartcms_plugin_blocks.BlockKind{{
		Name:        "note",
		Title:       "Note",
		Description: "A text that stands apart, so that nobody misses it.",
		Schema:      schema,
	}}
}

// Render gives the HTML of a block.
func Render(_, attributes string, _ smartcms_plugin_blocks.BlockContext) wit.Result[string, string] {
	note := note{Label: "Note"}
	err := json.Unmarshal([]byte(attributes), &note)
	label, text := html.EscapeString(note.Label), html.EscapeString(note.Text)
	return result.Of(fmt.Sprintf("<aside><p><strong>%s:</strong> %s</p></aside>", label, text), err)
}

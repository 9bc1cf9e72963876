// Package before_publish refuses to publish what still has a TODO in it.
package before_publish

import (
	"strings"

	wit "go.bytecodealliance.org/pkg/wit/types"

	"smartcms/content"
	"smartcms/result"
	"world/smartcms_content_types"
)

const mark = "TODO"

type problem = smartcms_content_types.Problem

// BeforePublish accepts, or says what is wrong.
func BeforePublish(entry smartcms_content_types.Entry) wit.Result[wit.Unit, []problem] {
	var problems []problem
	for _, field := range entry.Fields {
		text, _ := content.Text([]smartcms_content_types.Field{field}, field.Name)
		if strings.Contains(text, mark) {
			problems = append(problems, content.Problem(field.Name, "unfinished", "There is still a TODO in this text."))
		}
	}
	if problems != nil {
		return result.Failed(problems)
	}
	return result.Done[[]problem]()
}

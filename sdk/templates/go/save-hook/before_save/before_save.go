// Package before_save tidies titles, and refuses those that are longer than the setting `longest` says.
package before_save

import (
	"fmt"
	"strings"
	"unicode/utf8"

	wit "go.bytecodealliance.org/pkg/wit/types"

	"smartcms/content"
	"smartcms/settings"
	"world/smartcms_content_types"
	"world/smartcms_plugin_before_save"
)

// longestDefault is how many characters a title may have when the operator does not say.
const longestDefault = 80

type (
	field   = smartcms_content_types.Field
	problem = smartcms_content_types.Problem
)

// BeforeSave gives the fields to change, or what is wrong.
func BeforeSave(draft smartcms_plugin_before_save.Draft) wit.Result[[]field, []problem] {
	title, given := content.Text(draft.Fields, "title")
	if !given {
		return wit.Ok[[]field, []problem](nil)
	}
	tidy := strings.Join(strings.Fields(title), " ")
	longest := settings.IntegerOr("longest", longestDefault)
	if int64(utf8.RuneCountInString(tidy)) > longest {
		message := fmt.Sprintf("This title has more than %d characters.", longest)
		return wit.Err[[]field]([]problem{content.Problem("title", "too-long", message)})
	}
	if tidy == title {
		return wit.Ok[[]field, []problem](nil)
	}
	return wit.Ok[[]field, []problem]([]field{content.TextField("title", tidy)})
}

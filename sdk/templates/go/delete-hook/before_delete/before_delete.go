// Package before_delete keeps entries that the site cannot do without: those whose slugs are in the setting `keep`.
package before_delete

import (
	"fmt"
	"strings"

	wit "go.bytecodealliance.org/pkg/wit/types"

	"smartcms/content"
	"smartcms/result"
	"smartcms/settings"
	"world/smartcms_content_types"
)

// keepDefault is what is kept when the operator does not say: slugs, with commas between them.
const keepDefault = "home, about"

type problem = smartcms_content_types.Problem

// BeforeDelete accepts, or says why the entry stays.
func BeforeDelete(entry smartcms_content_types.Entry) wit.Result[wit.Unit, []problem] {
	for slug := range strings.SplitSeq(settings.TextOr("keep", keepDefault), ",") {
		if strings.TrimSpace(slug) == entry.Slug {
			message := fmt.Sprintf("The site needs `%s`; change it instead.", entry.Slug)
			return result.Failed([]problem{content.EntryProblem("protected", message)})
		}
	}
	return result.Done[[]problem]()
}

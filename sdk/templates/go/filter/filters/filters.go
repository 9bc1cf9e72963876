// Package filters lets browsers load the pictures of an entry when they come into sight.
package filters

import (
	"regexp"
	"strings"

	wit "go.bytecodealliance.org/pkg/wit/types"

	"world/smartcms_plugin_filters"
)

var picture = regexp.MustCompile(`<img [^>]*>`)

// FilterHtml returns the HTML to show.
func FilterHtml(_ smartcms_plugin_filters.FilterContext, html string) wit.Result[string, string] {
	return wit.Ok[string, string](picture.ReplaceAllStringFunc(html, late))
}

// late loads a picture late, unless its tag says how it is loaded.
func late(tag string) string {
	if strings.Contains(tag, "loading=") {
		return tag
	}
	return strings.Replace(tag, "<img ", `<img loading="lazy" `, 1)
}

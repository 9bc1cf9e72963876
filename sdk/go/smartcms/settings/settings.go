// Package settings reads what the operator set for the plugin. No grant is needed.
//
// It is there when the world imports wasi:config/store.
package settings

import (
	"encoding/json"
	"fmt"
	"strconv"

	config "world/wasi_config_store"
)

// Text is a setting as it was given: text as it is, anything else as JSON. The second result says whether it was given.
func Text(name string) (string, bool) {
	found := config.Get(name)
	if found.IsErr() || found.Ok().IsNone() {
		return "", false
	}
	return found.Ok().Some(), true
}

// TextOr is a setting, or a text for when it was not given.
func TextOr(name, otherwise string) string {
	if text, given := Text(name); given {
		return text
	}
	return otherwise
}

// IntegerOr is a setting that is a whole number, or a number for when it was not given or is none.
func IntegerOr(name string, otherwise int64) int64 {
	text, _ := Text(name)
	if number, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number
	}
	return otherwise
}

// BooleanOr is a setting that is true or false, or what holds when it was not given or is neither.
func BooleanOr(name string, otherwise bool) bool {
	switch text, _ := Text(name); text {
	case "true":
		return true
	case "false":
		return false
	default:
		return otherwise
	}
}

// JSON reads a setting that is a list or a table into a value. It leaves the value alone when it was not given.
func JSON(name string, value any) error {
	text, given := Text(name)
	if !given {
		return nil
	}
	if err := json.Unmarshal([]byte(text), value); err != nil {
		return fmt.Errorf("the setting %s cannot be read: %w", name, err)
	}
	return nil
}

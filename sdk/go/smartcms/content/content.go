// Package content reads and makes fields of entries, and says what is wrong with them.
//
// It is there when the world takes part where entries are seen, or imports smartcms:content.
package content

import (
	wit "go.bytecodealliance.org/pkg/wit/types"

	types "world/smartcms_content_types"
)

// Text is the text of a field; the second result is false when the list does not name it, or it holds anything else.
func Text(fields []types.Field, name string) (string, bool) {
	for _, field := range fields {
		if field.Name == name && field.Value.Tag() == types.Value_Text {
			return field.Value.Text(), true
		}
	}
	return "", false
}

// TextField is a field with a text, for the changes that a hook gives back.
func TextField(name, text string) types.Field {
	return types.Field{Name: name, Value: types.MakeValueText(text)}
}

// Problem is what is wrong with a field. The code is for programs, the message for people.
func Problem(field, code, message string) types.Problem {
	return types.Problem{Field: wit.Some(field), Code: code, Message: message}
}

// EntryProblem is what is wrong with the whole entry.
func EntryProblem(code, message string) types.Problem {
	return types.Problem{Field: wit.None[string](), Code: code, Message: message}
}

// Refused says why an operation on content did not happen.
func Refused(err types.ContentError) string {
	switch err.Tag() {
	case types.ContentError_Denied:
		return err.Denied()
	case types.ContentError_NotFound:
		return err.NotFound()
	case types.ContentError_Conflict:
		return err.Conflict()
	case types.ContentError_Limit:
		return err.Limit()
	case types.ContentError_Unavailable:
		return err.Unavailable()
	default:
		return problems(err.Invalid())
	}
}

func problems(list []types.Problem) string {
	text := "the input was refused"
	for _, problem := range list {
		text += "; " + problem.Field.SomeOr("entry") + ": " + problem.Message
	}
	return text
}

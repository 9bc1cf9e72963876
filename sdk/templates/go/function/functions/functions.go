// Package functions brings a function that counts the words of a text.
package functions

import (
	"strings"

	wit "go.bytecodealliance.org/pkg/wit/types"

	contract "world/smartcms_plugin_functions"
)

// List says which functions there are.
func List() []contract.Function {
	return []contract.Function{{
		Name:          "words",
		Description:   "How many words a text has.",
		Parameters:    []contract.Parameter{{Name: "text", Type: contract.ScalarType_Text}},
		Result:        contract.ScalarType_Integer,
		Deterministic: true,
	}}
}

// Call gives the result of a function.
func Call(name string, arguments []contract.Scalar) wit.Result[contract.Scalar, string] {
	if name != "words" || len(arguments) != 1 {
		return wit.Err[contract.Scalar]("there is no such function")
	}
	// Any argument can be missing; then the result is too.
	if arguments[0].Tag() != contract.Scalar_Text {
		return wit.Ok[contract.Scalar, string](contract.MakeScalarNull())
	}
	count := len(strings.Fields(arguments[0].Text()))
	return wit.Ok[contract.Scalar, string](contract.MakeScalarInteger(int64(count)))
}

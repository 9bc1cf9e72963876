// Package result makes what exports give back.
package result

import wit "go.bytecodealliance.org/pkg/wit/types"

// Done is the success of an export that has nothing to say.
func Done[E any]() wit.Result[wit.Unit, E] {
	return wit.Ok[wit.Unit, E](wit.Unit{})
}

// Failed is the failure of an export that has nothing to say when it succeeds.
func Failed[E any](err E) wit.Result[wit.Unit, E] {
	return wit.Err[wit.Unit](err)
}

// Of is success with a value, and failure with the text of an error where there is one.
func Of[T any](value T, err error) wit.Result[T, string] {
	if err != nil {
		return wit.Err[T](err.Error())
	}
	return wit.Ok[T, string](value)
}

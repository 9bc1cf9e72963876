// Package wit_types has the types of the component model that Go has none for: what may be missing, what succeeds or
// fails, and values side by side.
package wit_types

// The cases of an Option.
const (
	OptionNone = 0
	OptionSome = 1
)

// Option is a value that may be missing.
type Option[T any] struct {
	tag   uint8
	value T
}

// Some is a value that is there.
func Some[T any](value T) Option[T] {
	return Option[T]{tag: OptionSome, value: value}
}

// None is no value.
func None[T any]() Option[T] {
	return Option[T]{}
}

// Tag says which case it is.
func (option Option[T]) Tag() uint8 { return option.tag }

// IsSome says whether there is a value.
func (option Option[T]) IsSome() bool { return option.tag == OptionSome }

// IsNone says whether there is none.
func (option Option[T]) IsNone() bool { return option.tag == OptionNone }

// Some is the value. It panics where there is none: ask IsSome first, or use SomeOr.
func (option Option[T]) Some() T {
	if option.tag != OptionSome {
		panic("Some of an option without a value")
	}
	return option.value
}

// SomeOr is the value, or another one where there is none.
func (option Option[T]) SomeOr(otherwise T) T {
	if option.tag != OptionSome {
		return otherwise
	}
	return option.value
}

// The cases of a Result.
const (
	ResultOk  = 0
	ResultErr = 1
)

// Result is what a call gave: a value, or why it failed.
type Result[T, E any] struct {
	tag   uint8
	value T
	err   E
}

// Ok is success.
func Ok[T, E any](value T) Result[T, E] {
	return Result[T, E]{tag: ResultOk, value: value}
}

// Err is failure.
func Err[T, E any](err E) Result[T, E] {
	return Result[T, E]{tag: ResultErr, err: err}
}

// Tag says which case it is.
func (result Result[T, E]) Tag() uint8 { return result.tag }

// IsOk says whether the call succeeded.
func (result Result[T, E]) IsOk() bool { return result.tag == ResultOk }

// IsErr says whether the call failed.
func (result Result[T, E]) IsErr() bool { return result.tag == ResultErr }

// Ok is the value. It panics where the call failed: ask IsOk first.
func (result Result[T, E]) Ok() T {
	if result.tag != ResultOk {
		panic("Ok of a result that is a failure")
	}
	return result.value
}

// Err is why the call failed. It panics where it succeeded: ask IsErr first.
func (result Result[T, E]) Err() E {
	if result.tag != ResultErr {
		panic("Err of a result that is a success")
	}
	return result.err
}

// Unit is the value that says nothing.
type Unit struct{}

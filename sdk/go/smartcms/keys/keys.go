// Package keys holds the plugin's own keys, which no other plugin sees. It needs the grant `kv`.
//
// It is there when the world imports wasi:keyvalue/store and wasi:keyvalue/atomics.
package keys

import (
	"errors"

	atomics "world/wasi_keyvalue_atomics"
	store "world/wasi_keyvalue_store"
)

// ErrDenied says that the plugin may not reach its keys.
var ErrDenied = errors.New("the plugin may not reach its keys")

// Get is the value of a key; nil when it has none.
func Get(key string) ([]byte, error) {
	bucket, err := open()
	if err != nil {
		return nil, err
	}
	defer bucket.Drop()
	found := bucket.Get(key)
	if found.IsErr() {
		return nil, of(found.Err())
	}
	return found.Ok().SomeOr(nil), nil
}

// Put gives a key a value, in place of the one it had.
func Put(key string, value []byte) error {
	bucket, err := open()
	if err != nil {
		return err
	}
	defer bucket.Drop()
	if done := bucket.Set(key, value); done.IsErr() {
		return of(done.Err())
	}
	return nil
}

// Delete takes a key away; one that is not there is no error.
func Delete(key string) error {
	bucket, err := open()
	if err != nil {
		return err
	}
	defer bucket.Drop()
	if done := bucket.Delete(key); done.IsErr() {
		return of(done.Err())
	}
	return nil
}

// Exists says whether a key has a value.
func Exists(key string) (bool, error) {
	bucket, err := open()
	if err != nil {
		return false, err
	}
	defer bucket.Drop()
	found := bucket.Exists(key)
	if found.IsErr() {
		return false, of(found.Err())
	}
	return found.Ok(), nil
}

// Increment adds to the number under a key, which begins at 0, and gives the sum. No other call comes between.
func Increment(key string, by uint64) (uint64, error) {
	bucket, err := open()
	if err != nil {
		return 0, err
	}
	defer bucket.Drop()
	sum := atomics.Increment(bucket, key, by)
	if sum.IsErr() {
		return 0, of(sum.Err())
	}
	return sum.Ok(), nil
}

func open() (*store.Bucket, error) {
	opened := store.Open("")
	if opened.IsErr() {
		return nil, of(opened.Err())
	}
	return opened.Ok(), nil
}

func of(err store.Error) error {
	switch err.Tag() {
	case store.Error_AccessDenied:
		return ErrDenied
	case store.Error_Other:
		return errors.New(err.Other())
	default:
		return errors.New("the site has no such keys")
	}
}

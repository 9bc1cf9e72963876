// Package wit_runtime is what generated bindings stand on: memory that the host may look at, and handles of resources.
//
// The generator of bindings (wit-bindgen) names this module and the functions in it. Plugins do not call them.
package wit_runtime

import (
	"runtime"
	"unsafe"
)

// earlyBytes is the room for what is handed over before Go's own memory is ready: the state of the adapter of WASI, which
// is 64 KiB, and the names and variables that it asks for while a component starts.
const earlyBytes = 256 << 10

// noMemory is an address outside of every memory: the host refuses it, which ends the call.
const noMemory = ^uintptr(15)

var (
	early     [earlyBytes]byte
	earlyUsed uintptr
	started   bool

	// received pins what the host wrote until the export that it is for has taken it over.
	received runtime.Pinner
)

func init() {
	started = true
}

// Unpin gives up what the host wrote: the arguments of an export are values of Go by now.
func Unpin() {
	received.Unpin()
}

// Allocate gives memory that stays where it is as long as the pinner holds it. Nil for no bytes.
func Allocate(pinner *runtime.Pinner, size, align uintptr) unsafe.Pointer {
	if size == 0 {
		return nil
	}
	pointer := aligned(size, align)
	pinner.Pin(pointer)
	return pointer
}

// aligned makes a slice whose elements have the alignment that is asked for.
func aligned(size, align uintptr) unsafe.Pointer {
	count := (size + align - 1) / align
	switch align {
	case 1:
		return unsafe.Pointer(unsafe.SliceData(make([]uint8, count)))
	case 2:
		return unsafe.Pointer(unsafe.SliceData(make([]uint16, count)))
	case 4:
		return unsafe.Pointer(unsafe.SliceData(make([]uint32, count)))
	case 8:
		return unsafe.Pointer(unsafe.SliceData(make([]uint64, count)))
	default:
		panic("no type of the component model has this alignment")
	}
}

// While the collector works it reads the clock, and a component may call nothing while the host asks it for memory.
// The adapter of WASI has a switch for that: the clock is answered from what it read last.
//
//go:wasmimport wasi_snapshot_preview1 adapter_monotonic_clock_set_paused
func pauseClock(paused bool)

// realloc is how the host asks for memory. It never asks for more of what it has: lists and texts have known lengths.
//
//go:wasmexport cabi_realloc
func realloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	if old != nil || oldSize != 0 {
		panic("the host asked for memory to grow, which nothing in the component model needs")
	}
	if !started {
		return takeEarly(size, align)
	}
	pauseClock(true)
	pointer := Allocate(&received, size, align)
	pauseClock(false)
	return pointer
}

// Nothing of Go's runtime is ready here, so that the stack must not grow and nothing may panic.
//
//go:nosplit
func takeEarly(size, align uintptr) unsafe.Pointer {
	at := (uintptr(unsafe.Pointer(&early)) + earlyUsed + align - 1) &^ (align - 1)
	end := uintptr(unsafe.Pointer(&early)) + earlyBytes
	if size > earlyBytes || at > end-size {
		return unsafe.Pointer(noMemory)
	}
	earlyUsed = at + size - uintptr(unsafe.Pointer(&early))
	return unsafe.Pointer(at)
}

package wit_runtime

// Handle names a resource of the host, or of the plugin. It is empty once the resource was given away.
type Handle struct {
	value int32
}

// MakeHandle holds a handle that the host gave.
func MakeHandle(value int32) *Handle {
	handle := &Handle{}
	handle.Set(value)
	return handle
}

// Use reads the handle, to lend the resource.
func (handle *Handle) Use() int32 {
	if handle.value == 0 {
		panic("this resource was closed or given away before")
	}
	return handle.value
}

// Take reads the handle for the last time, to give the resource away.
func (handle *Handle) Take() int32 {
	value := handle.Use()
	handle.value = 0
	return value
}

// TakeOrNil is as Take, and 0 when there is nothing to give.
func (handle *Handle) TakeOrNil() int32 {
	value := handle.value
	handle.value = 0
	return value
}

// Set fills an empty handle.
func (handle *Handle) Set(value int32) {
	if value == 0 || handle.value != 0 {
		panic("a handle is filled once, with what the host gave")
	}
	handle.value = value
}

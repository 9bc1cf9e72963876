module tests/probe

go 1.27

require (
	go.bytecodealliance.org/pkg v0.0.0
	smartcms v0.0.0
	world v0.0.0
)

// What `smartcms plugin build` writes.
replace (
	go.bytecodealliance.org/pkg => ./.smartcms/sdk/go/component
	smartcms => ./.smartcms/sdk/go/smartcms
	world => ./.smartcms/bindings
)

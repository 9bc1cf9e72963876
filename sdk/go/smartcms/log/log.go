// Package log writes lines into the plugin's log, which `smartcms plugin logs` shows. No grant is needed.
//
// It is there when the world imports wasi:logging/logging.
package log

import (
	"fmt"

	logging "world/wasi_logging_logging"
)

// context tells these lines from those of the host.
const context = "plugin"

// Debug is for those who look for a mistake. Lines are written like those of fmt.Printf.
func Debug(format string, values ...any) { write(logging.Level_Debug, format, values) }

// Info is good to know.
func Info(format string, values ...any) { write(logging.Level_Info, format, values) }

// Warn is for what somebody should look at.
func Warn(format string, values ...any) { write(logging.Level_Warn, format, values) }

// Error is for what somebody must act on.
func Error(format string, values ...any) { write(logging.Level_Error, format, values) }

func write(level logging.Level, format string, values []any) {
	logging.Log(level, context, fmt.Sprintf(format, values...))
}

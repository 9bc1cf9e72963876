// Package events counts what was published in each collection, and notes it in the log.
//
// The counts are kept in the plugin's own keys, so that it needs the grant `kv`.
package events

import (
	wit "go.bytecodealliance.org/pkg/wit/types"

	"smartcms/keys"
	"smartcms/log"
	"smartcms/result"
	"world/smartcms_plugin_events"
)

type (
	event      = smartcms_plugin_events.Event
	eventError = smartcms_plugin_events.EventError
)

// OnEvent is told what happened.
func OnEvent(event event) wit.Result[wit.Unit, eventError] {
	if event.Kind != "entry.published" {
		return result.Done[eventError]()
	}
	if err := count(event); err != nil {
		// What could not be stored now may be stored later.
		return result.Failed(smartcms_plugin_events.MakeEventErrorRetry(err.Error()))
	}
	return result.Done[eventError]()
}

// count remembers events by their ids: one can come more than once.
func count(event event) error {
	seen := "seen/" + event.Id
	if known, err := keys.Exists(seen); known || err != nil {
		return err
	}
	number, err := keys.Increment("published/"+event.Collection, 1)
	if err != nil {
		return err
	}
	if err := keys.Put(seen, []byte{1}); err != nil {
		return err
	}
	log.Info("publication %d in %s", number, event.Collection)
	return nil
}

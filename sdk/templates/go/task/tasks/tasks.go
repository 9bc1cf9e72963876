// Package tasks counts the entries that readers see, a page at a time, so that it can stop and go on.
package tasks

import (
	"fmt"

	wit "go.bytecodealliance.org/pkg/wit/types"

	"smartcms/content"
	"world/smartcms_content_reader"
	progress "world/smartcms_plugin_task_progress"
	contract "world/smartcms_plugin_tasks"
)

const (
	// pageLength is how many entries are read at once.
	pageLength = 100
	// collectionDefault is what is counted when the operator names nothing.
	collectionDefault = "posts"
)

type ended = wit.Result[contract.TaskEnd, contract.TaskError]

// state is what a run needs to go on: how many it counted, and where the next page begins.
type state struct {
	count  uint64
	cursor wit.Option[string]
}

// List says which tasks there are.
func List() []contract.Task {
	return []contract.Task{{
		Name:        "count",
		Description: "Counts the entries that readers see.",
		Schedule:    wit.Some("@daily"),
	}}
}

// Run counts page after page until the last one, or until it is told to stop.
func Run(run contract.TaskRun) ended {
	// What the operator wrote after the task's name.
	collection := run.Argument.SomeOr(collectionDefault)
	state := restored(run.Checkpoint)
	for {
		if err := state.countPage(collection); err != nil {
			return wit.Err[contract.TaskEnd](contract.MakeTaskErrorRetry(err.Error()))
		}
		progress.Report(state.count, wit.None[uint64](), "counting "+collection)
		if state.cursor.IsNone() {
			text := fmt.Sprintf("%d entries of %s", state.count, collection)
			return wit.Ok[contract.TaskEnd, contract.TaskError](contract.MakeTaskEndDone(text))
		}
		progress.SaveCheckpoint(fmt.Appendf(nil, "%d %s", state.count, state.cursor.Some()))
		if progress.ShouldStop() {
			return wit.Ok[contract.TaskEnd, contract.TaskError](contract.MakeTaskEndStopped())
		}
	}
}

// restored reads a checkpoint, "COUNT CURSOR"; it begins anew without one.
func restored(checkpoint wit.Option[[]uint8]) *state {
	state := &state{}
	var cursor string
	fmt.Sscanf(string(checkpoint.SomeOr(nil)), "%d %s", &state.count, &cursor)
	if cursor != "" {
		state.cursor = wit.Some(cursor)
	}
	return state
}

// countPage counts one page. Afterwards the cursor says whether there is another.
func (state *state) countPage(collection string) error {
	read := smartcms_content_reader.List(smartcms_content_reader.Query{
		Collection: collection,
		Limit:      pageLength,
		Cursor:     state.cursor,
	})
	if read.IsErr() {
		return fmt.Errorf("a page of %s could not be read: %s", collection, content.Refused(read.Err()))
	}
	state.count += uint64(len(read.Ok().Entries))
	state.cursor = read.Ok().Next
	return nil
}

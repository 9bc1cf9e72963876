// Package tasks tries every capability, and says what came of it.
package tasks

import (
	"fmt"

	wit "go.bytecodealliance.org/pkg/wit/types"

	"smartcms/content"
	"smartcms/keys"
	"smartcms/log"
	"smartcms/settings"
	kvstore "world/component_smartcms_kvstore"
	reader "world/smartcms_content_reader"
	types "world/smartcms_content_types"
	writer "world/smartcms_content_writer"
	contract "world/smartcms_plugin_tasks"
	environment "world/wasi_cli_environment"
	clock "world/wasi_clocks_wall_clock"
	preopens "world/wasi_filesystem_preopens"
	files "world/wasi_filesystem_types"
	outgoing "world/wasi_http_outgoing_handler"
	http "world/wasi_http_types"
	random "world/wasi_random_random"
)

type ended = wit.Result[contract.TaskEnd, contract.TaskError]

// said is what came of a trial; false where it was denied.
type said func(argument string) (string, bool)

var trials = map[string]said{
	"kv": kv, "kvstore": kept, "read": read, "write": write, "http": answered, "fs": file, "env": variable,
	"settings": func(string) (string, bool) { return settings.Text("word") },
	"log": logged, "clocks": now, "random": differ,
}

// List says which trials there are.
func List() []contract.Task {
	var list []contract.Task
	for name := range trials {
		list = append(list, contract.Task{Name: name, Description: "Tries it.", Schedule: wit.None[string]()})
	}
	return list
}

// Run tries one.
func Run(run contract.TaskRun) ended {
	if text, allowed := trials[run.Task](run.Argument.SomeOr("")); allowed {
		return wit.Ok[contract.TaskEnd, contract.TaskError](contract.MakeTaskEndDone(text))
	}
	return wit.Err[contract.TaskEnd](contract.MakeTaskErrorFailed("denied"))
}

func kv(string) (string, bool) {
	sum, err := keys.Increment("n", 1)
	return fmt.Sprint(sum), err == nil
}

func kept(string) (string, bool) {
	kvstore.Set("k", "kept")
	found := kvstore.Get("k")
	return found.SomeOr(""), found.IsSome()
}

func read(string) (string, bool) {
	page := reader.List(reader.Query{Collection: "posts", Limit: 10, Cursor: wit.None[string]()})
	if page.IsErr() {
		return refused(page.Err())
	}
	return fmt.Sprintf("%d entries", len(page.Ok().Entries)), true
}

func write(string) (string, bool) {
	title := types.Field{Name: "title", Value: types.MakeValueText("Written")}
	entry := writer.NewEntry{Collection: "posts", Slug: wit.None[string](), Fields: []types.Field{title}}
	if written := writer.Create(entry); written.IsErr() {
		return refused(written.Err())
	}
	return "written", true
}

// refused is false where content was denied: what was not granted is answered like what is not there.
func refused(err types.ContentError) (string, bool) {
	denied := err.Tag() == types.ContentError_Denied || err.Tag() == types.ContentError_NotFound
	return fmt.Sprint("failed: ", content.Refused(err)), !denied
}

func answered(authority string) (string, bool) {
	request := http.MakeOutgoingRequest(http.MakeFields())
	request.SetScheme(wit.Some(http.MakeSchemeHttp()))
	request.SetAuthority(wit.Some(authority))
	request.SetPathWithQuery(wit.Some("/"))
	handled := outgoing.Handle(request, wit.None[*http.RequestOptions]())
	if handled.IsErr() {
		return failed(handled.Err())
	}
	future := handled.Ok()
	future.Subscribe().Block()
	answer := future.Get().Some().Ok()
	if answer.IsErr() {
		return failed(answer.Err())
	}
	return fmt.Sprintf("answered %d", answer.Ok().Status()), true
}

// failed is false for a refused request; what else went wrong is told.
func failed(err http.ErrorCode) (string, bool) {
	return fmt.Sprint("failed with ", err.Tag()), err.Tag() != http.ErrorCode_HttpRequestDenied
}

func file(string) (string, bool) {
	folders := preopens.GetDirectories()
	if len(folders) == 0 {
		return "", false
	}
	opened := folders[0].F0.OpenAt(0, "open.txt", 0, files.DescriptorFlags_Read)
	if opened.IsErr() {
		return "", false
	}
	bytes := opened.Ok().Read(100, 0)
	if bytes.IsErr() {
		return "", false
	}
	return string(bytes.Ok().F0), true
}

func variable(string) (string, bool) {
	for _, variable := range environment.GetEnvironment() {
		if variable.F0 == "PROBE_WORD" {
			return variable.F1, true
		}
	}
	return "", false
}

func logged(string) (string, bool) {
	log.Info("a line of the probe")
	return "logged", true
}

func now(string) (string, bool) {
	return "a time", clock.Now().Seconds > 0
}

func differ(string) (string, bool) {
	return "two numbers", random.GetRandomU64() != random.GetRandomU64()
}

// Package ai_provider brings a model that shortens a text to its first sentence: the shape of a real one, without its
// weights.
package ai_provider

import (
	"runtime"
	"strings"

	wit "go.bytecodealliance.org/pkg/wit/types"

	contract "world/smartcms_plugin_ai_provider"
)

// name is what the model is called.
const name = "first-sentence"

// dimensions is how many numbers a vector has.
const dimensions = 4

type failure = contract.AiError

// TextStream is a text on its way: what is still to come of it. The fields that nothing here reads are for the bindings.
type TextStream struct {
	handle int32
	pinner runtime.Pinner

	words []string
	// cut says whether there was more than was asked for.
	cut bool
}

// Models lists every model.
func Models() wit.Result[[]contract.Model, failure] {
	return wit.Ok[[]contract.Model, failure]([]contract.Model{{
		Name:       name,
		Title:      "The first sentence",
		Abilities:  []string{"generate", "embed"},
		Dimensions: wit.Some[uint32](dimensions),
	}})
}

// Generate begins to write.
func Generate(request contract.Generation) wit.Result[*TextStream, failure] {
	if request.Model != name {
		return wit.Err[*TextStream](contract.MakeAiErrorUnknownModel(request.Model))
	}
	said := ""
	for _, message := range request.Messages {
		if message.Role == "user" {
			said = message.Text
		}
	}
	if said == "" {
		return wit.Err[*TextStream](contract.MakeAiErrorInvalid("nobody said anything"))
	}
	words := strings.SplitAfter(firstSentence(said), " ")
	most := min(len(words), int(request.TokensMax))
	return wit.Ok[*TextStream, failure](&TextStream{words: words[:most], cut: most < len(words)})
}

// Next is the next piece; none when all was said.
func (stream *TextStream) Next() wit.Result[wit.Option[string], failure] {
	if len(stream.words) == 0 {
		return wit.Ok[wit.Option[string], failure](wit.None[string]())
	}
	word := stream.words[0]
	stream.words = stream.words[1:]
	return wit.Ok[wit.Option[string], failure](wit.Some(word))
}

// End says how the text ended.
func (stream *TextStream) End() contract.TextEnd {
	if stream.cut {
		return contract.TextEnd{Reason: "length"}
	}
	return contract.TextEnd{Reason: "done"}
}

// OnDrop is called when nobody needs the stream any more.
func (stream *TextStream) OnDrop() {}

// Embed gives one vector for each text.
func Embed(request contract.Embedding) wit.Result[[][]float32, failure] {
	if request.Model != name {
		return wit.Err[[][]float32](contract.MakeAiErrorUnknownModel(request.Model))
	}
	vectors := make([][]float32, len(request.Texts))
	for at, text := range request.Texts {
		vectors[at] = direction(text)
	}
	return wit.Ok[[][]float32, failure](vectors)
}

// Describe says what an image shows, in a sentence.
func Describe(request contract.Description) wit.Result[string, failure] {
	return wit.Err[string](contract.MakeAiErrorUnknownModel(request.Model + " does not see images"))
}

// firstSentence is a text up to its first full stop.
func firstSentence(text string) string {
	if end := strings.Index(text, ". "); end >= 0 {
		return text[:end+1]
	}
	return text
}

// direction is how often letters come, four kinds of them.
func direction(text string) []float32 {
	counts := make([]float32, dimensions)
	for _, letter := range text {
		counts[letter%dimensions]++
	}
	if text == "" {
		// A vector has to point somewhere.
		counts[0] = 1
	}
	return counts
}

// Package ai_provider brings a model that shortens a text to its first sentence: the shape of a real one, without its
// weights.
package ai_provider

import (
	"runtime"
	"strings"

	wit "go.bytecodealliance.org/pkg/wit/types"

	contract "world/smartcms_plugin_ai_provider"
)

const (
	name = "first-sentence"
	// dimensions is how many numbers a vector has.
	dimensions = 4
)

// TextStream is a text on its way: the words that are still to come. The first two members belong to the bindings.
type TextStream struct {
	pinner runtime.Pinner
	handle int32
	words  []string
}

// OnDrop is called when nobody reads on.
func (stream *TextStream) OnDrop() {}

// Next gives the next piece; none when all was said.
func (stream *TextStream) Next() wit.Result[wit.Option[string], contract.AiError] {
	if len(stream.words) == 0 {
		return wit.Ok[wit.Option[string], contract.AiError](wit.None[string]())
	}
	word := stream.words[0]
	stream.words = stream.words[1:]
	return wit.Ok[wit.Option[string], contract.AiError](wit.Some(word))
}

// End says how the text ended.
func (stream *TextStream) End() contract.TextEnd {
	return contract.TextEnd{Reason: "done"}
}

// Models lists every model.
func Models() wit.Result[[]contract.Model, contract.AiError] {
	return wit.Ok[[]contract.Model, contract.AiError]([]contract.Model{{
		Name:       name,
		Title:      "The first sentence",
		Abilities:  []string{"generate", "embed"},
		Dimensions: wit.Some[uint32](dimensions),
	}})
}

// Generate begins to write.
func Generate(request contract.Generation) wit.Result[*TextStream, contract.AiError] {
	if request.Model != name {
		return wit.Err[*TextStream](contract.MakeAiErrorUnknownModel(request.Model))
	}
	said := ""
	for _, message := range request.Messages {
		if message.Role == "user" {
			said = message.Text
		}
	}
	words := strings.SplitAfter(firstSentence(said), " ")
	words = words[:min(len(words), int(request.TokensMax))]
	return wit.Ok[*TextStream, contract.AiError](&TextStream{words: words})
}

// Embed gives one vector for each text.
func Embed(request contract.Embedding) wit.Result[[][]float32, contract.AiError] {
	if request.Model != name {
		return wit.Err[[][]float32](contract.MakeAiErrorUnknownModel(request.Model))
	}
	vectors := make([][]float32, 0, len(request.Texts))
	for _, text := range request.Texts {
		vectors = append(vectors, direction(text))
	}
	return wit.Ok[[][]float32, contract.AiError](vectors)
}

// Describe says what an image shows, which this model cannot.
func Describe(request contract.Description) wit.Result[string, contract.AiError] {
	return wit.Err[string](contract.MakeAiErrorUnknownModel(request.Model + " does not see images"))
}

func firstSentence(text string) string {
	if end := strings.Index(text, ". "); end >= 0 {
		return text[:end+1]
	}
	return text
}

// direction counts how often letters come, four kinds of them.
func direction(text string) []float32 {
	counts := make([]float32, dimensions)
	for _, letter := range []byte(text) {
		counts[letter%dimensions]++
	}
	// A vector has to point somewhere.
	if text == "" {
		counts[0] = 1
	}
	return counts
}

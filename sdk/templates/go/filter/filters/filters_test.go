package filters

import "testing"

func TestAPictureIsLoadedLate(t *testing.T) {
	if got := late(`<img src="/a.webp">`); got != `<img loading="lazy" src="/a.webp">` {
		t.Error(got)
	}
}

func TestAChoiceStays(t *testing.T) {
	if got := late(`<img loading="eager">`); got != `<img loading="eager">` {
		t.Error(got)
	}
}

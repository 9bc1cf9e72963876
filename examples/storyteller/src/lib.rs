//! Tells a story. It imports nothing: whoever composes it in need not trust it.

wit_bindgen::generate!({ path: "wit", world: "storyteller" });

/// How the parts of the stories go together, from the first to the last.
const STORY: [&str; 3] = [
    "Once upon a time there was a module that nobody understood.",
    "Then somebody wrote down its types.",
    "It became a component, and was understood ever after.",
];

struct Storyteller;

impl Guest for Storyteller {
    fn storygen() -> String {
        STORY.join(" ")
    }
}

export!(Storyteller);

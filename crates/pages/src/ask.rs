//! A question and what the site says: `ask.html`.

use serde::Serialize;
use smartcms_app::ask::QUESTION_CHARS_MAX;

use crate::head::{Alternate, PageContext};
use crate::site::{NavigationLink, SiteContext};
use crate::urls;

/// The context of `ask.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AskPage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// Where the form leads.
    pub action: String,
    /// Where a script gets the answer as it is written.
    pub stream: &'static str,
    /// The longest question, in characters.
    pub question_chars_max: usize,
    /// What was asked; may be empty.
    pub question: String,
    /// Why there is no answer.
    pub problem: Option<String>,
    /// What the site says; absent until somebody asks.
    pub answer: Option<AskAnswer>,
}

/// A question and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskPart {
    /// In which language: a BCP 47 tag.
    pub language: String,
    /// How it is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// The page in every language of the site; empty where there is one.
    pub alternates: Vec<Alternate>,
    /// What was asked; may be empty.
    pub question: String,
    /// Why there is no answer.
    pub problem: Option<String>,
    /// What the site says; absent until somebody asks.
    pub answer: Option<AskAnswer>,
}

/// What the site says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskAnswer {
    /// Plain text of a model; absent where nothing of the site is about the question.
    pub text: Option<String>,
    /// The pages that it stands on: `[1]` in the text is the first of them.
    pub sources: Vec<NavigationLink>,
    /// Which model; absent where none was asked.
    pub model: Option<String>,
}

impl AskPage {
    /// The page at `action`.
    pub fn new(site: SiteContext, action: &str, part: AskPart) -> Self {
        let mut page = PageContext::new(&site, "Ask this site", action).hidden();
        page.language = part.language;
        page.direction = part.direction;
        page.alternates = part.alternates;
        Self {
            site,
            page,
            action: action.to_owned(),
            stream: urls::ASK_STREAM,
            question_chars_max: QUESTION_CHARS_MAX,
            question: part.question,
            problem: part.problem,
            answer: part.answer,
        }
    }

    /// What `ask.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let site = SiteContext::full_sample;
        let part = |question: &str, problem: Option<&str>, answer| AskPart {
            language: "en".to_owned(),
            direction: "ltr",
            alternates: Vec::new(),
            question: question.to_owned(),
            problem: problem.map(str::to_owned),
            answer,
        };
        let found = AskAnswer {
            text: Some("Black <b>bold</b> earth [1].\nNothing else.".to_owned()),
            sources: vec![NavigationLink::new("All about <soil>", "/posts/soil")],
            model: Some("server/<b>bold</b>".to_owned()),
        };
        let nothing = AskAnswer { text: None, sources: Vec::new(), model: None };
        let answered = AskPart {
            alternates: Alternate::samples(&site()),
            ..part("What is <b>bold</b> soil?", None, Some(found))
        };
        let refused = part("x", Some("There is <b>bold</b> too much of it."), None);
        let all = [part("", None, None), answered, part("y", None, Some(nothing)), refused];
        all.into_iter().map(|it| Self::new(site(), urls::ASK, it)).collect()
    }
}

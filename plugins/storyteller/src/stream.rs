//! A story on its way: one piece after another, until it is over or enough.

use std::cell::RefCell;

use smartcms_plugin::model_provider::{AiError, GuestTextStream, TextEnd};

use crate::choice::{Dice, choose};
use crate::pieces::{END, Pieces, STORY, TOPICS, UNKNOWN};
use crate::plan::Plan;
use crate::request::Options;
use crate::steps::{Next, Steps};
use crate::told;

/// A story has at least as many pieces before it may be over.
const PIECES_MIN: u32 = 20;

/// A story that the host reads.
pub(crate) struct Story(RefCell<Telling<Steps>>);

impl Story {
    pub(crate) fn begin(steps: Steps, plan: Plan, options: Options) -> Result<Self, AiError> {
        Telling::begin(steps, plan, options).map(|it| Self(RefCell::new(it)))
    }
}

impl GuestTextStream for Story {
    fn next(&self) -> Result<Option<String>, AiError> {
        self.0.borrow_mut().piece()
    }

    fn end(&self) -> TextEnd {
        self.0.borrow().end()
    }
}

/// The telling of a story by whatever says which piece comes next.
struct Telling<N> {
    next: N,
    pieces: Pieces,
    options: Options,
    dice: Dice,
    /// The weights of the next piece.
    weights: Vec<f32>,
    /// Told and not yet given: it may be the beginning of a text that ends the answer.
    held: String,
    read: u32,
    written: u32,
    is_first: bool,
    /// Why it is over.
    over: Option<&'static str>,
}

impl<N: Next> Telling<N> {
    /// Reads what was asked.
    fn begin(mut next: N, plan: Plan, options: Options) -> Result<Self, AiError> {
        let Plan { pieces, before, begins } = plan;
        let mut weights = Vec::new();
        for piece in &before {
            weights = next.next(*piece).map_err(told)?;
        }
        let read = u32::try_from(before.len()).unwrap_or(u32::MAX);
        let (dice, held) = (Dice::new(options.seed), String::new());
        let over = None;
        Ok(Self {
            next,
            pieces,
            options,
            dice,
            weights,
            held,
            read,
            written: 0,
            is_first: begins,
            over,
        })
    }

    /// The next piece of text; none when the story is over.
    fn piece(&mut self) -> Result<Option<String>, AiError> {
        while self.over.is_none() {
            self.step()?;
            let given = self.given();
            if !given.is_empty() {
                return Ok(Some(given));
            }
        }
        let rest = std::mem::take(&mut self.held);
        Ok((!rest.is_empty()).then_some(rest))
    }

    /// Chooses one piece, and has the model read it.
    fn step(&mut self) -> Result<(), AiError> {
        if self.written >= self.options.tokens_max || self.next.is_full() {
            self.over = Some("length");
            return Ok(());
        }
        let may_end = !self.is_first && self.written >= PIECES_MIN.min(self.options.tokens_max);
        let allowed = |piece: u32| match piece {
            TOPICS | STORY | UNKNOWN => false,
            END => may_end,
            _ => true,
        };
        let (temperature, top_k) = (self.options.temperature, self.options.top_k);
        let chosen = choose(&self.weights, temperature, top_k, &mut self.dice, allowed);
        match chosen {
            None => return Err(AiError::Failed("the model finds nothing likely".to_owned())),
            Some(END) => {
                self.over = Some("done");
                return Ok(());
            }
            Some(piece) => {
                let text = self.pieces.text(piece);
                self.held.push_str(if self.is_first { text.trim_start() } else { text });
                self.is_first = false;
                self.written += 1;
                self.weights = self.next.next(piece).map_err(told)?;
            }
        }
        Ok(())
    }

    /// What can be given away: all but what may begin a text that ends the answer.
    fn given(&mut self) -> String {
        let stops = &self.options.stops;
        let stopped = stops.iter().filter_map(|it| self.held.find(it.as_str())).min();
        if let Some(at) = stopped {
            self.held.truncate(at);
            self.over = Some("done");
            return std::mem::take(&mut self.held);
        }
        let begins = |from: &str| stops.iter().any(|it| it.starts_with(from));
        let starts = self.held.char_indices().map(|(at, _)| at);
        let kept =
            starts.filter_map(|at| self.held.get(at..)).find(|it| begins(it)).map_or(0, str::len);
        let rest = self.held.split_off(self.held.len() - kept);
        std::mem::replace(&mut self.held, rest)
    }

    fn end(&self) -> TextEnd {
        TextEnd {
            reason: self.over.unwrap_or_default().to_owned(),
            tokens_read: Some(self.read),
            tokens_written: Some(self.written),
        }
    }
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::model_provider::Message;
    use smartcms_plugin::neural::NeuralError;

    use super::Telling;
    use crate::pieces::{END, Pieces};
    use crate::plan::Plan;
    use crate::request::Options;
    use crate::steps::Next;

    /// Tells the same text whatever was read, then the end.
    struct Parrot {
        pieces: Vec<u32>,
        at: usize,
        asked: usize,
        room: usize,
    }

    impl Next for Parrot {
        fn next(&mut self, piece: u32) -> Result<Vec<f32>, NeuralError> {
            self.room -= 1;
            self.at += usize::from(self.pieces.get(self.at) == Some(&piece) && self.asked == 0);
            self.asked = self.asked.saturating_sub(1);
            let mut weights = vec![0.0; 4000];
            weights[self.pieces.get(self.at).copied().unwrap_or(END) as usize] = 50.0;
            Ok(weights)
        }

        fn is_full(&self) -> bool {
            self.room == 0
        }
    }

    fn telling(text: &str, stops: &[&str], tokens_max: u32, room: usize) -> Telling<Parrot> {
        let message = Message { role: "user".to_owned(), text: "A story".to_owned() };
        let plan = Plan::of(&[message]).unwrap();
        let pieces = Pieces::read().cut(text);
        let parrot = Parrot { pieces, at: 0, asked: plan.before.len(), room };
        let stops = stops.iter().map(|it| (*it).to_owned()).collect();
        let options = Options { temperature: 0.5, top_k: 5, seed: 1, stops, tokens_max };
        Telling::begin(parrot, plan, options).unwrap()
    }

    #[track_caller]
    fn check(mut telling: Telling<Parrot>, expected: &str, reason: &str) {
        let mut told = String::new();
        while let Some(piece) = telling.piece().unwrap() {
            assert!(!piece.is_empty());
            told.push_str(&piece);
        }
        assert_eq!((told.as_str(), telling.end().reason.as_str()), (expected, reason));
        assert_eq!(telling.piece().unwrap(), None);
    }

    const TEXT: &str = "Once upon a time there was a little fox named Tom. One day, the fox went to the lake and came back.";

    #[test]
    fn a_story_is_told_to_its_end_without_a_space_before_it() {
        check(telling(TEXT, &[], 200, 256), TEXT, "done");
        check(telling(" The fox", &[], 2, 256), "The fox", "length");
    }

    #[test]
    fn a_story_ends_where_it_is_told_to() {
        check(
            telling(TEXT, &["named Tom", "lake"], 200, 256),
            "Once upon a time there was a little fox ",
            "done",
        );
        check(telling(TEXT, &["named Tim"], 200, 256), TEXT, "done");
        check(telling(TEXT, &[], 3, 256), "Once upon a", "length");
        check(telling(TEXT, &[], 0, 256), "", "length");
        check(telling(TEXT, &[], 200, 6), "Once upon a time", "length");
    }
}

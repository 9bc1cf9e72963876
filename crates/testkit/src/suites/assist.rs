//! Writing help: budgets and suggestions.

use smartcms_app::ports::{AssistStore, Hold, Holding, Spent, SuggestionRecord};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::Help;
use uuid::Uuid;

/// The promises of [`AssistStore`].
pub async fn assist(store: &dyn AssistStore) {
    budgets(store).await;
    suggestions(store).await;
}

async fn budgets(store: &dyn AssistStore) {
    let hold = |person: &str, tokens| Hold {
        day: 20_000,
        person: person.to_owned(),
        tokens,
        person_max: 100,
        site_max: 150,
    };
    let spent = async |person: &str| store.spent(20_000, person).await.unwrap();
    assert_eq!(store.hold(hold("ada", 60)).await.unwrap(), Holding::Held);
    let full = Spent { person: 60, site: 60 };
    assert_eq!(store.hold(hold("ada", 41)).await.unwrap(), Holding::PersonFull(full));
    assert_eq!(store.hold(hold("bob", 90)).await.unwrap(), Holding::Held);
    let full = Spent { person: 60, site: 150 };
    assert_eq!(store.hold(hold("ada", 1)).await.unwrap(), Holding::SiteFull(full));

    store.settle(hold("bob", 90), 10).await.unwrap();
    assert_eq!(spent("bob").await, Spent { person: 10, site: 70 });
    assert_eq!(store.hold(hold("ada", 40)).await.unwrap(), Holding::Held, "to the last token");
    store.settle(hold("ada", 40), 55).await.unwrap();
    assert_eq!(spent("ada").await, Spent { person: 115, site: 125 }, "what was used counts");

    let tomorrow = Hold { day: 20_001, ..hold("ada", 100) };
    assert_eq!(store.hold(tomorrow).await.unwrap(), Holding::Held);
    assert_eq!(store.spent(20_001, "bob").await.unwrap(), Spent { person: 0, site: 100 });
}

async fn suggestions(store: &dyn AssistStore) {
    let at = |ms| Timestamp::from_millis(ms).unwrap();
    let suggestion = |id: u128, made: i64| SuggestionRecord {
        id: Uuid::from_u128(id),
        help: Help {
            task: "title".to_owned(),
            model: "openai/m".to_owned(),
            prompt: [u8::try_from(id).unwrap(); 32],
            person: "user ada".to_owned(),
        },
        at: at(made),
        expires_at: at(made + 1_000),
    };
    let (old, new) = (suggestion(1, 0), suggestion(2, 900));
    store.keep_suggestion(old.clone()).await.unwrap();
    store.keep_suggestion(new.clone()).await.unwrap();
    let ids = [new.id, Uuid::from_u128(9), old.id];
    let mut found = store.suggestions(&ids).await.unwrap();
    found.sort_by_key(|it| it.id);
    assert_eq!(found, [old, new.clone()]);

    let latest = suggestion(3, 1_500);
    store.keep_suggestion(latest.clone()).await.unwrap();
    let mut found = store.suggestions(&[ids[0], ids[2], latest.id]).await.unwrap();
    found.sort_by_key(|it| it.id);
    assert_eq!(found, [new, latest], "what expired is forgotten by and by");
}

//! People, their sessions, and what is good once.

use smartcms_app::ports::{
    Added, Changed, NewUser, PASSKEYS_MAX, PasskeyRecord, SESSIONS_MAX, SessionRecord,
    SessionStore, TICKETS_OF_KIND_MAX, Ticket, TicketKind, TicketStore, UserChange, UserStore,
};
use smartcms_domain::actors::{Rank, UserId};
use smartcms_domain::people::{EmailAddress, PersonName, UserState};
use uuid::Uuid;

use crate::builders::at;

/// What the three ports of people share a store for.
pub trait PeopleStore: UserStore + SessionStore + TicketStore {}

impl<T: UserStore + SessionStore + TicketStore> PeopleStore for T {}

/// The promises of [`UserStore`], [`SessionStore`] and [`TicketStore`], on a store without people.
pub async fn people(store: &dyn PeopleStore) {
    adding(store).await;
    changing(store).await;
    owners(store).await;
    second_factors(store).await;
    passkeys(store).await;
    sessions(store).await;
    endings(store).await;
    tickets(store).await;
}

async fn adding(store: &dyn PeopleStore) {
    assert!(!store.any_user().await.unwrap());
    let owner = new_user(1, "owner", Rank::Owner);
    assert_eq!(store.add_user(owner.clone(), true).await.unwrap(), Added::Done);
    assert!(store.any_user().await.unwrap());
    let late = new_user(2, "late", Rank::Owner);
    assert_eq!(store.add_user(late.clone(), true).await.unwrap(), Added::NotFirst);
    assert_eq!(store.find_user(late.id).await.unwrap(), None, "who came late is not there");
    let twin = NewUser { email: owner.email.clone(), ..late };
    assert_eq!(store.add_user(twin, false).await.unwrap(), Added::EmailTaken);
    for (number, name) in [(3, "editor"), (4, "author")] {
        let new = new_user(number, name, Rank::Editor);
        assert_eq!(store.add_user(new, false).await.unwrap(), Added::Done);
    }
    let found = store.find_user(owner.id).await.unwrap().unwrap();
    assert_eq!(
        (&found.email, &found.name, found.role.clone(), found.state),
        (&owner.email, &owner.name, Rank::Owner.into(), UserState::Active)
    );
    assert_eq!((found.created_at, found.signed_in_at, found.has_password), (at(1_000), None, true));
    assert_eq!(store.find_user_by_email(&owner.email).await.unwrap(), Some(found));
    assert_eq!(store.find_user_by_email(&email("nobody")).await.unwrap(), None);
    let names = async |after: Option<EmailAddress>, limit| {
        let found = store.list_users(after.as_ref(), limit).await.unwrap();
        found.iter().map(|it| it.email.local().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(None, 10).await, ["author", "editor", "owner"], "by their addresses");
    assert_eq!(names(None, 2).await, ["author", "editor"]);
    assert_eq!(names(Some(email("author")), 1).await, ["editor"]);
    store.note_sign_in(owner.id, at(5_000)).await.unwrap();
    let found = store.find_user(owner.id).await.unwrap().unwrap();
    assert_eq!(found.signed_in_at, Some(at(5_000)));
}

async fn changing(store: &dyn PeopleStore) {
    let id = user_id(3);
    let before = store.find_user(id).await.unwrap().unwrap();
    let name = PersonName::parse("Grace").unwrap();
    let named = done(store, id, UserChange::Name(name.clone())).await;
    assert_eq!((&named.name, named.generation), (&name, before.generation));
    let moved = done(store, id, UserChange::Email(email("grace"))).await;
    assert_eq!(moved.email, email("grace"));
    assert!(moved.generation > named.generation, "sessions of before are none");
    let taken = store.change_user(id, UserChange::Email(email("owner"))).await.unwrap();
    assert_eq!(taken, Changed::EmailTaken);
    assert_eq!(done(store, id, UserChange::Email(email("grace"))).await.email, email("grace"));
    let role = done(store, id, UserChange::Role(Rank::Viewer.into())).await;
    assert_eq!(role.role, Rank::Viewer.into());
    done(store, id, UserChange::Password("hash one".to_owned())).await;
    let rehash =
        |from: &str, to: &str| UserChange::Rehashed { from: from.to_owned(), to: to.to_owned() };
    let generation = done(store, id, rehash("another", "hash three")).await.generation;
    let hash = async || store.credentials(id).await.unwrap().unwrap().password_hash;
    assert_eq!(hash().await.as_deref(), Some("hash one"), "it was another one by then");
    assert_eq!(done(store, id, rehash("hash one", "hash two")).await.generation, generation);
    assert_eq!(hash().await.as_deref(), Some("hash two"));
    let unknown =
        store.change_user(user_id(99), UserChange::Role(Rank::Owner.into())).await.unwrap();
    assert_eq!(unknown, Changed::Unknown);
    assert!(store.credentials(user_id(99)).await.unwrap().is_none());
}

async fn owners(store: &dyn PeopleStore) {
    let (first, second) = (user_id(1), user_id(4));
    for change in [UserChange::Role(Rank::Editor.into()), UserChange::State(UserState::Disabled)] {
        let kept = store.change_user(first, change).await.unwrap();
        assert_eq!(kept, Changed::LastOwner);
    }
    done(store, second, UserChange::Role(Rank::Owner.into())).await;
    let disabled = done(store, second, UserChange::State(UserState::Disabled)).await;
    assert_eq!(disabled.state, UserState::Disabled);
    let kept = store.change_user(first, UserChange::Role(Rank::Editor.into())).await.unwrap();
    assert_eq!(kept, Changed::LastOwner, "one who cannot sign in owns nothing");
    done(store, second, UserChange::State(UserState::Active)).await;
    done(store, first, UserChange::Role(Rank::Editor.into())).await;
    done(store, first, UserChange::Role(Rank::Owner.into())).await;
}

async fn second_factors(store: &dyn PeopleStore) {
    let id = user_id(3);
    assert!(!store.use_totp_step(id, 100).await.unwrap(), "there is no TOTP");
    let totp = UserChange::Totp {
        secret: b"secret".to_vec(),
        step: 100,
        recovery_codes: vec![[1; 32], [2; 32]],
    };
    let user = done(store, id, totp).await;
    assert_eq!((user.has_totp, user.recovery_codes), (true, 2));
    let known = store.credentials(id).await.unwrap().unwrap();
    assert_eq!(known.totp_secret.as_deref(), Some(b"secret".as_slice()));
    assert!(!store.use_totp_step(id, 100).await.unwrap(), "a code is used once");
    assert!(!store.use_totp_step(id, 99).await.unwrap(), "nor is one from before used");
    assert!(store.use_totp_step(id, 101).await.unwrap());
    assert!(!store.use_recovery_code(user_id(1), &[1; 32]).await.unwrap(), "it is another's");
    assert!(store.use_recovery_code(id, &[1; 32]).await.unwrap());
    assert!(!store.use_recovery_code(id, &[1; 32]).await.unwrap(), "a code is used once");
    let others = done(store, id, UserChange::RecoveryCodes(vec![[3; 32]; 1])).await;
    assert_eq!(others.recovery_codes, 1);
    assert!(!store.use_recovery_code(id, &[2; 32]).await.unwrap());
    let user = done(store, id, UserChange::NoTotp).await;
    assert_eq!((user.has_totp, user.recovery_codes), (false, 0));
    assert!(!store.use_recovery_code(id, &[3; 32]).await.unwrap());
}

async fn passkeys(store: &dyn PeopleStore) {
    let id = user_id(3);
    assert!(store.add_passkey(passkey(1, id)).await.unwrap());
    assert!(!store.add_passkey(passkey(1, user_id(1))).await.unwrap(), "it is somebody's");
    for number in 2..=PASSKEYS_MAX {
        assert!(store.add_passkey(passkey(number, id)).await.unwrap());
    }
    assert!(!store.add_passkey(passkey(PASSKEYS_MAX + 1, id)).await.unwrap(), "that is enough");
    assert!(!store.add_passkey(passkey(500, user_id(99))).await.unwrap(), "nobody has none");
    assert_eq!(store.find_user(id).await.unwrap().unwrap().passkeys, PASSKEYS_MAX);
    store.use_passkey(&[0, 0, 0, 1], "used".to_owned(), at(9_000)).await.unwrap();
    let found = store.find_passkey(&[0, 0, 0, 1]).await.unwrap().unwrap();
    let used =
        PasskeyRecord { credential: "used".to_owned(), used_at: Some(at(9_000)), ..passkey(1, id) };
    assert_eq!(found, used);
    assert_eq!(store.find_passkey(&[9]).await.unwrap(), None);
    assert_eq!(store.passkeys_of(id).await.unwrap().len(), PASSKEYS_MAX as usize);
    let name = || "Key at the door".to_owned();
    assert!(!store.rename_passkey(user_id(1), &[0, 0, 0, 1], name()).await.unwrap());
    assert!(store.rename_passkey(id, &[0, 0, 0, 1], name()).await.unwrap());
    assert_eq!(store.find_passkey(&[0, 0, 0, 1]).await.unwrap().unwrap().name, name());
    assert!(!store.remove_passkey(user_id(1), &[0, 0, 0, 1]).await.unwrap(), "it is another's");
    assert!(store.remove_passkey(id, &[0, 0, 0, 1]).await.unwrap());
    assert_eq!(store.find_passkey(&[0, 0, 0, 1]).await.unwrap(), None);
    assert!(store.add_identity(id, "https://issuer.test", "7").await.unwrap());
    assert!(!store.add_identity(user_id(1), "https://issuer.test", "7").await.unwrap());
    let identity = async |issuer| store.find_identity(issuer, "7").await.unwrap();
    assert_eq!(identity("https://issuer.test").await, Some(id));
    assert_eq!(identity("https://other.test").await, None);
}

async fn sessions(store: &dyn PeopleStore) {
    let owner = store.find_user(user_id(1)).await.unwrap().unwrap();
    let one = SessionRecord { generation: owner.generation, ..session(1, owner.id) };
    assert!(store.add_session(one.clone()).await.unwrap());
    let found = store.find_session(&one.hash).await.unwrap();
    assert_eq!(found, Some((one.clone(), owner.clone())));
    let old = SessionRecord { generation: owner.generation - 1, ..session(2, owner.id) };
    assert!(!store.add_session(old.clone()).await.unwrap(), "something changed meanwhile");
    assert_eq!(store.find_session(&old.hash).await.unwrap(), None);
    assert!(!store.add_session(session(3, user_id(99))).await.unwrap(), "of nobody");
    for number in 4..4 + SESSIONS_MAX {
        let further = SessionRecord { generation: owner.generation, ..session(number, owner.id) };
        store.add_session(further).await.unwrap();
    }
    let own = store.sessions_of(owner.id).await.unwrap();
    assert_eq!(own.len(), SESSIONS_MAX as usize);
    assert!(own.is_sorted_by_key(|it| std::cmp::Reverse(it.seen_at)), "the one seen last first");
    assert_eq!(store.find_session(&one.hash).await.unwrap(), None, "it was not seen for longest");
    let kept = session(5, owner.id).hash;
    store.touch_session(&kept, at(900_000)).await.unwrap();
    assert_eq!(
        store.sessions_of(owner.id).await.unwrap().first().map(|it| it.seen_at),
        Some(at(900_000))
    );
    assert!(!store.remove_session_of(user_id(3), session(6, owner.id).id).await.unwrap());
    assert!(store.remove_session_of(owner.id, session(6, owner.id).id).await.unwrap());
    assert!(store.remove_session(&session(7, owner.id).hash).await.unwrap());
    assert!(!store.remove_session(&session(7, owner.id).hash).await.unwrap());
    let gone = store.remove_sessions_of(owner.id, Some(&kept)).await.unwrap();
    assert_eq!(gone, u64::from(SESSIONS_MAX) - 3);
    assert_eq!(store.sessions_of(owner.id).await.unwrap().len(), 1);
    assert_eq!(store.forget_sessions(at(0), at(900_000), 10).await.unwrap(), 0);
    assert_eq!(store.forget_sessions(at(0), at(900_001), 10).await.unwrap(), 1, "not seen since");
}

async fn endings(store: &dyn PeopleStore) {
    let id = user_id(3);
    let ending = [
        UserChange::Email(email("hopper")),
        UserChange::Role(Rank::Author.into()),
        UserChange::State(UserState::Disabled),
        UserChange::State(UserState::Active),
        UserChange::Password("another".to_owned()),
        UserChange::Totp { secret: vec![1], step: 1, recovery_codes: vec![] },
        UserChange::NoTotp,
    ];
    for (number, change) in ending.into_iter().enumerate() {
        let generation = store.find_user(id).await.unwrap().unwrap().generation;
        let begun = SessionRecord { generation, ..session(200, id) };
        let is_active = store.add_session(begun.clone()).await.unwrap();
        assert_eq!(is_active, number != 3, "who is disabled begins none");
        let ticket = ticket(200, TicketKind::SecondFactor, Some(id));
        store.put_ticket(ticket.clone()).await.unwrap();
        done(store, id, change).await;
        assert_eq!(store.find_session(&begun.hash).await.unwrap(), None, "{number}");
        let kept = store.find_ticket(&ticket.hash, ticket.kind, at(0)).await.unwrap();
        assert_eq!(kept, None, "{number}");
    }
    let generation = store.find_user(id).await.unwrap().unwrap().generation;
    let begun = SessionRecord { generation, ..session(201, id) };
    store.add_session(begun.clone()).await.unwrap();
    done(store, id, UserChange::Name(PersonName::parse("Ada").unwrap())).await;
    assert!(store.find_session(&begun.hash).await.unwrap().is_some(), "a name is only a name");
    assert_eq!(store.forget_sessions(at(100_000), at(0), 10).await.unwrap(), 1, "it has ended");
}

async fn tickets(store: &dyn PeopleStore) {
    let (id, kind) = (user_id(3), TicketKind::PasswordReset);
    let one = ticket(1, kind, Some(id));
    store.put_ticket(one.clone()).await.unwrap();
    let find = async |kind, now| store.find_ticket(&one.hash, kind, now).await.unwrap();
    assert_eq!(find(kind, at(9_999)).await, Some(one.clone()));
    assert_eq!(find(kind, at(10_000)).await, None, "its time has come");
    assert_eq!(find(TicketKind::Invitation, at(0)).await, None, "it is good for something else");
    let tried = async || store.try_ticket(&one.hash, kind, at(0)).await.unwrap();
    assert_eq!(tried().await.unwrap().tries_left, 1);
    assert_eq!(tried().await.unwrap().tries_left, 0);
    assert_eq!(tried().await, None, "there are no tries left");
    let take = async |now| store.take_ticket(&one.hash, kind, now).await.unwrap();
    assert_eq!(take(at(10_000)).await, None);
    assert!(take(at(0)).await.is_some());
    assert_eq!(take(at(0)).await, None, "one gets it");
    for number in 10..10 + TICKETS_OF_KIND_MAX + 1 {
        store.put_ticket(ticket(number, kind, Some(id))).await.unwrap();
        store.put_ticket(ticket(number + 50, kind, None)).await.unwrap();
    }
    let found = async |number| {
        let hash = ticket(number, kind, None).hash;
        store.find_ticket(&hash, kind, at(0)).await.unwrap().is_some()
    };
    assert!(!found(10).await && found(11).await, "the oldest went");
    assert!(found(60).await, "nobody's are not counted");
    assert_eq!(store.forget_tickets(at(9_999), 100).await.unwrap(), 0);
    assert_eq!(store.forget_tickets(at(10_000), 2).await.unwrap(), 2);
    let all = 2 * TICKETS_OF_KIND_MAX + 1;
    assert_eq!(store.forget_tickets(at(10_000), 100).await.unwrap(), u64::from(all) - 2);
}

async fn done(
    store: &dyn PeopleStore,
    id: UserId,
    change: UserChange,
) -> smartcms_app::ports::UserRecord {
    match store.change_user(id, change).await.unwrap() {
        Changed::Done(user) => *user,
        other => panic!("the change was not done: {other:?}"),
    }
}

fn user_id(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number))
}

fn email(local: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{local}@example.com")).unwrap()
}

fn new_user(number: u128, name: &str, role: Rank) -> NewUser {
    NewUser {
        id: user_id(number),
        email: email(name),
        name: PersonName::parse(name).unwrap(),
        role: role.into(),
        created_at: at(1_000),
        password_hash: Some(format!("hash of {name}")),
    }
}

fn passkey(number: u32, user: UserId) -> PasskeyRecord {
    PasskeyRecord {
        id: number.to_be_bytes().to_vec(),
        user,
        name: format!("key {number}"),
        credential: "{}".to_owned(),
        created_at: at(i64::from(number)),
        used_at: None,
    }
}

fn session(number: u32, user: UserId) -> SessionRecord {
    SessionRecord {
        hash: hash(number),
        id: Uuid::from_u128(u128::from(number)),
        user,
        generation: 0,
        created_at: at(i64::from(number)),
        seen_at: at(i64::from(number)),
        expires_at: at(100_000),
        address: Some("192.0.2.1".to_owned()),
        user_agent: "a browser".to_owned(),
    }
}

fn ticket(number: u32, kind: TicketKind, user: Option<UserId>) -> Ticket {
    Ticket {
        hash: hash(number),
        kind,
        user,
        data: "what it needs".to_owned(),
        expires_at: at(10_000),
        tries_left: 2,
    }
}

fn hash(number: u32) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    hash
}

//! Keys of a plugin that is composed into a site, by `wasi:keyvalue` and by the interface of the original system, kept where
//! the site itself is kept.
//!
//! `smartcms component compose` gives each plugin that was granted `kv` an instance of this one, which is told whose it is. All
//! that a plugin keeps is one head of the storage, `plugins/ID`: it is read as a whole and swapped as a whole. So what is
//! changed together is changed together, whatever the host's store can do, two who count at the same time are both counted, and
//! no name leads to the keys of another plugin or to the site's.

mod kept;
mod site;

wit_bindgen::generate!({
    world: "smartcms:adapter-plugin-keys/plugin-keys",
    path: ["../../wit/portable", "../../wit/deps/keyvalue", "../../wit/kvstore", "wit"],
    generate_all,
});

use exports::component::smartcms::kvstore;
use exports::wasi::keyvalue::store::{Bucket, BucketBorrow, Error, GuestBucket, KeyResponse};
use exports::wasi::keyvalue::{atomics, batch, store};

use crate::site::{change, read};

/// The longest key, and the longest name of a bucket, in bytes, as natively.
const KEY_BYTES_MAX: usize = 1024;
const BUCKET_NAME_BYTES_MAX: usize = 64;
/// What one page of keys holds at most.
const PAGE_KEYS_MAX: usize = 1000;

struct Keys;

export!(Keys);

/// An open bucket, by its name.
struct Opened(String);

impl store::Guest for Keys {
    type Bucket = Opened;

    fn open(identifier: String) -> Result<Bucket, Error> {
        // Other hosts call the usual bucket by a name; both names lead to the same keys.
        let name = if identifier == "default" { String::new() } else { identifier };
        if name.len() > BUCKET_NAME_BYTES_MAX || name.chars().any(char::is_control) {
            return Err(Error::NoSuchStore);
        }
        Ok(Bucket::new(Opened(name)))
    }
}

impl GuestBucket for Opened {
    fn get(&self, key: String) -> Result<Option<Vec<u8>>, Error> {
        checked(&key)?;
        read(|kept| kept.get(&self.0, &key).cloned())
    }

    fn set(&self, key: String, value: Vec<u8>) -> Result<(), Error> {
        set_all(&self.0, &[(key, value)])
    }

    fn delete(&self, key: String) -> Result<(), Error> {
        delete_all(&self.0, &[key])
    }

    fn exists(&self, key: String) -> Result<bool, Error> {
        Ok(self.get(key)?.is_some())
    }

    /// The cursor is the number of keys that came before; keys that come and go between pages may shift it.
    fn list_keys(&self, cursor: Option<u64>) -> Result<KeyResponse, Error> {
        let before = cursor.unwrap_or_default();
        read(|kept| {
            let mut rest = kept.keys(&self.0).skip(usize::try_from(before).unwrap_or(usize::MAX));
            let keys: Vec<String> = rest.by_ref().take(PAGE_KEYS_MAX).cloned().collect();
            let cursor = rest.next().map(|_| before + keys.len() as u64);
            KeyResponse { keys, cursor }
        })
    }
}

impl atomics::Guest for Keys {
    fn increment(bucket: BucketBorrow<'_>, key: String, delta: u64) -> Result<u64, Error> {
        checked(&key)?;
        let delta = i64::try_from(delta)
            .map_err(|_| other("the step is larger than a number can become"))?;
        let bucket = &bucket.get::<Opened>().0;
        change(|kept| {
            let number = |it: &Vec<u8>| std::str::from_utf8(it).ok()?.parse::<i64>().ok();
            let before = kept.get(bucket, &key).map_or(Some(0), number);
            let sum = before.and_then(|it| it.checked_add(delta)).ok_or_else(|| {
                other(format!("the value of `{key}` is not a whole number of 64 bits"))
            })?;
            kept.set(bucket, key.clone(), sum.to_string().into_bytes());
            u64::try_from(sum).map_err(|_| other("the number under this key is negative"))
        })
    }
}

impl batch::Guest for Keys {
    fn get_many(
        bucket: BucketBorrow<'_>,
        keys: Vec<String>,
    ) -> Result<Vec<Option<(String, Vec<u8>)>>, Error> {
        keys.iter().try_for_each(|it| checked(it))?;
        let bucket = &bucket.get::<Opened>().0;
        read(|kept| {
            let found = |key: String| kept.get(bucket, &key).cloned().map(|value| (key, value));
            keys.into_iter().map(found).collect()
        })
    }

    fn set_many(bucket: BucketBorrow<'_>, pairs: Vec<(String, Vec<u8>)>) -> Result<(), Error> {
        set_all(&bucket.get::<Opened>().0, &pairs)
    }

    fn delete_many(bucket: BucketBorrow<'_>, keys: Vec<String>) -> Result<(), Error> {
        delete_all(&bucket.get::<Opened>().0, &keys)
    }
}

impl kvstore::Guest for Keys {
    fn get(key: String) -> Option<String> {
        let value = or_end(Opened(String::new()).get(key));
        value.map(|it| String::from_utf8_lossy(&it).into_owned())
    }

    fn set(key: String, value: String) {
        or_end(set_all("", &[(key, value.into_bytes())]));
    }
}

fn set_all(bucket: &str, pairs: &[(String, Vec<u8>)]) -> Result<(), Error> {
    pairs.iter().try_for_each(|(key, _)| checked(key))?;
    change(|kept| {
        pairs.iter().for_each(|(key, value)| kept.set(bucket, key.clone(), value.clone()));
        Ok(())
    })
}

fn delete_all(bucket: &str, keys: &[String]) -> Result<(), Error> {
    keys.iter().try_for_each(|it| checked(it))?;
    change(|kept| {
        keys.iter().for_each(|key| kept.delete(bucket, key.clone()));
        Ok(())
    })
}

fn checked(key: &str) -> Result<(), Error> {
    if key.len() <= KEY_BYTES_MAX {
        return Ok(());
    }
    Err(other(format!("a key has at most {KEY_BYTES_MAX} bytes, this one has {}", key.len())))
}

fn other(text: impl Into<String>) -> Error {
    Error::Other(text.into())
}

/// The interface of the original system has no errors: a failure ends the site's instance, and says why first.
fn or_end<T>(outcome: Result<T, Error>) -> T {
    outcome.unwrap_or_else(|error| {
        eprintln!("ERROR plugin {}: {error:?}", smartcms::portable::owner::id());
        std::process::abort()
    })
}

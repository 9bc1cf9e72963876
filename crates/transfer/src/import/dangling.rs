//! Relations that lead to nothing, looked for when everything is stored.

use std::collections::HashSet;

use smartcms_app::OpContext;
use smartcms_app::ports::StoreError;
use smartcms_domain::collections::Target;
use smartcms_domain::entries::EntryId;

use crate::error::Place;
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// How many ids are asked for at once.
const ASKED_MAX: usize = 200;
/// How many entries are named that point to one that is not there.
const REFERRERS_MAX: u32 = 100;

/// Notes every relation of the site to one of these entries that is not there.
pub(crate) async fn note_dangling(
    ctx: &OpContext<'_>,
    targets: HashSet<EntryId>,
    place: &Place,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut targets: Vec<EntryId> = targets.into_iter().collect();
    targets.sort();
    for chunk in targets.chunks(ASKED_MAX) {
        let found = ctx.app.entries.find_many(chunk).await?;
        let found: HashSet<EntryId> = found.iter().map(|it| it.id).collect();
        for missing in chunk.iter().filter(|it| !found.contains(it)) {
            let referrers =
                ctx.app.entries.referrers(Target::Entry(*missing), REFERRERS_MAX).await?;
            for referrer in referrers {
                let entry = &referrer.entry;
                let fields = referrer.fields.join("`, `");
                let message =
                    format!("`{fields}` leads to entry {missing}, which is not on the site");
                let subject = format!("{}/{}", entry.collection, entry.slug);
                report.note(Note::new(NoteKind::RelationLeft, place, subject, message));
            }
        }
    }
    Ok(())
}

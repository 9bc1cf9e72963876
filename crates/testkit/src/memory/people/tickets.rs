//! What is good once, in memory.

use async_trait::async_trait;
use smartcms_app::ports::{StoreError, TICKETS_OF_KIND_MAX, Ticket, TicketKind, TicketStore};
use smartcms_domain::Timestamp;

use super::super::MemoryStore;
use super::removed;

#[async_trait]
impl TicketStore for MemoryStore {
    async fn put_ticket(&self, ticket: Ticket) -> Result<(), StoreError> {
        let tickets = &mut self.lock().people.tickets;
        let same =
            |it: &Ticket| it.user.is_some() && it.user == ticket.user && it.kind == ticket.kind;
        let mut over = (tickets.iter().filter(|it| same(it)).count() + 1)
            .saturating_sub(TICKETS_OF_KIND_MAX as usize);
        tickets.retain(|it| {
            let gone = over > 0 && same(it);
            over -= usize::from(gone);
            !gone
        });
        tickets.push(ticket);
        Ok(())
    }

    async fn find_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError> {
        let tickets = &self.lock().people.tickets;
        Ok(tickets.iter().find(|it| is_good(it, hash, kind, now)).cloned())
    }

    async fn take_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError> {
        let tickets = &mut self.lock().people.tickets;
        let at = tickets.iter().position(|it| is_good(it, hash, kind, now));
        Ok(at.map(|at| tickets.remove(at)))
    }

    async fn try_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError> {
        let tickets = &mut self.lock().people.tickets;
        let good = tickets.iter_mut().find(|it| is_good(it, hash, kind, now) && it.tries_left > 0);
        Ok(good.map(|it| {
            it.tries_left -= 1;
            it.clone()
        }))
    }

    async fn forget_tickets(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut left = limit;
        let gone = |it: &Ticket| {
            let ended = it.expires_at <= before && left > 0;
            left -= u32::from(ended);
            ended
        };
        Ok(removed(&mut self.lock().people.tickets, gone))
    }
}

fn is_good(ticket: &Ticket, hash: &[u8; 32], kind: TicketKind, now: Timestamp) -> bool {
    ticket.hash == *hash && ticket.kind == kind && ticket.expires_at > now
}

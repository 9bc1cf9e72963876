//! Menus in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use smartcms_app::ports::{MenuGeneration, MenuStore, MenuWriteError, StoreError};
use smartcms_domain::entries::Revision;
use smartcms_domain::menus::{Menu, MenuName};

use super::MemoryStore;

/// What the port keeps.
#[derive(Debug, Clone, Default)]
pub(super) struct Menus {
    by_name: BTreeMap<MenuName, Menu>,
    generation: u64,
}

impl Menus {
    fn require(&self, name: &MenuName, previous: Option<Revision>) -> Result<(), MenuWriteError> {
        let stored = self.by_name.get(name).map(|it| it.revision);
        if stored == previous { Ok(()) } else { Err(MenuWriteError::Stale) }
    }

    fn changed(&mut self) -> MenuGeneration {
        self.generation += 1;
        MenuGeneration(self.generation)
    }
}

#[async_trait]
impl MenuStore for MemoryStore {
    async fn find_menus(&self, names: &[MenuName]) -> Result<Vec<Menu>, StoreError> {
        let state = self.lock();
        let menus = state.menus.by_name.values();
        Ok(menus.filter(|it| names.contains(&it.name)).cloned().collect())
    }

    async fn list_menus(&self) -> Result<Vec<Menu>, StoreError> {
        Ok(self.lock().menus.by_name.values().cloned().collect())
    }

    async fn save_menu(
        &self,
        menu: Menu,
        previous: Option<Revision>,
    ) -> Result<MenuGeneration, MenuWriteError> {
        let menus = &mut self.lock().menus;
        menus.require(&menu.name, previous)?;
        menus.by_name.insert(menu.name.clone(), menu);
        Ok(menus.changed())
    }

    async fn remove_menu(
        &self,
        name: &MenuName,
        previous: Revision,
    ) -> Result<MenuGeneration, MenuWriteError> {
        let menus = &mut self.lock().menus;
        menus.require(name, Some(previous))?;
        menus.by_name.remove(name);
        Ok(menus.changed())
    }

    async fn menu_generation(&self) -> Result<MenuGeneration, StoreError> {
        Ok(MenuGeneration(self.lock().menus.generation))
    }
}

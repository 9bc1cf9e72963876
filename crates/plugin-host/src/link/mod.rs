//! From what a plugin imports and was granted to what is linked: nothing else, and decided before it runs.

mod waiting;
mod wasi;

use smartcms_domain::plugins::{Grant, Grants};
use wasmtime::Engine;
use wasmtime::component::{Component, InstancePre, Linker};

use crate::capabilities::{kv, logging, nn};
use crate::contract::v0_1;
use crate::error::PluginFault;
use crate::inspect::{Capability, Requirement, Without, refusal, requirement};
use crate::state::GuestState;

/// What happens to an import whose capability was not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ungranted {
    /// The plugin is refused before it runs.
    #[default]
    Refuse,
    /// It is linked, and every call answers "denied". For interfaces that language runtimes import without use.
    DenyAtCall,
}

/// How a missing grant can be given, for messages.
#[derive(Debug, Clone, Copy)]
pub struct GrantAdvice<'a> {
    /// In which way.
    pub by: GrantedBy<'a>,
    /// The grants that the author asks for. A capability that is not among them is advised by an example.
    pub wanted: &'a [Grant],
}

/// In which way a grant is given.
#[derive(Debug, Clone, Copy)]
pub enum GrantedBy<'a> {
    /// By a command, for the registered plugin with this id.
    Command(&'a str),
    /// By an argument of the command that runs the file.
    Argument,
}

/// A plugin's imports, each of them granted or to be answered with "denied".
#[derive(Debug, Clone)]
pub struct PluginSetup {
    imports: Vec<String>,
}

impl PluginSetup {
    /// Refuses the first import that is unknown, of another version, or not granted.
    pub fn check<'a>(
        imports: impl IntoIterator<Item = &'a str>,
        grants: &Grants,
        ungranted: Ungranted,
        advice: GrantAdvice<'_>,
    ) -> Result<Self, PluginFault> {
        let imports: Vec<String> = imports.into_iter().map(str::to_owned).collect();
        for import in &imports {
            check_one(import, grants, ungranted, advice)?;
        }
        Ok(Self { imports })
    }

    /// Links a component to what was checked; the work of every later call that can be done before it is done here.
    pub(crate) fn link(
        &self,
        engine: &Engine,
        component: &Component,
    ) -> Result<InstancePre<GuestState>, PluginFault> {
        let mut linker = Linker::new(engine);
        let linked = self.fill(&mut linker).and_then(|()| linker.instantiate_pre(component));
        linked.map_err(|error| PluginFault::Host(format!("linking it failed: {error:#}")))
    }

    /// Links a component of functions so that nothing in it has to be awaited; `None` where it imports what must be.
    pub(crate) fn link_at_once(
        &self,
        engine: &Engine,
        component: &Component,
    ) -> Option<InstancePre<GuestState>> {
        let mut linker = Linker::new(engine);
        let linked = self.fill_at_once(&mut linker);
        linked.and_then(|()| linker.instantiate_pre(component)).ok()
    }

    fn fill_at_once(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        if self.import("wasi:", "0.2.") {
            wasi::add_at_once(linker, |package, line| self.import(package, line))?;
        }
        if self.import("wasi:logging/", "") {
            logging::add_logging(linker)?;
        }
        if self.import("smartcms:content/", "") {
            v0_1::content::add_types(linker)?;
        }
        Ok(())
    }

    fn fill(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        wasi::add(linker, |package, line| self.import(package, line))?;
        if self.import("wasi:keyvalue/", "") {
            kv::add_wasi(linker)?;
        }
        if self.import("component:smartcms/kvstore", "") {
            kv::add_text(linker)?;
        }
        if self.import("wasi:nn/", "") {
            nn::add(linker)?;
        }
        if self.import("wasi:logging/", "") {
            logging::add_logging(linker)?;
        }
        if self.import("wasi:config/", "") {
            logging::add_config(linker)?;
        }
        if self.import("smartcms:plugin/task-progress", "") {
            v0_1::tasks::add_progress(linker)?;
        }
        if self.import("smartcms:content/", "") {
            v0_1::content::add_types(linker)?;
        }
        if self.import("smartcms:content/reader", "") {
            v0_1::content::add_reader(linker)?;
        }
        if self.import("smartcms:content/writer", "") {
            v0_1::content::add_writer(linker)?;
        }
        Ok(())
    }

    /// Whether anything that begins like this is imported, in versions that begin like that.
    fn import(&self, name: &str, version: &str) -> bool {
        self.imports.iter().any(|it| {
            let (path, of) = it.split_once('@').unwrap_or((it, ""));
            path.starts_with(name) && of.starts_with(version)
        })
    }
}

/// The imports of a compiled component.
pub(crate) fn imports_of(engine: &Engine, component: &Component) -> Vec<String> {
    component.component_type().imports(engine).map(|(name, _)| name.to_owned()).collect()
}

fn check_one(
    import: &str,
    grants: &Grants,
    ungranted: Ungranted,
    advice: GrantAdvice<'_>,
) -> Result<(), PluginFault> {
    match requirement(import) {
        Requirement::Needs(capability)
            if capability.without == Without::Never && ungranted == Ungranted::DenyAtCall =>
        {
            Ok(())
        }
        Requirement::Needs(capability) => {
            refusal(import).map_or(Ok(()), Err)?;
            check_grant(import, capability, grants, ungranted, advice)
        }
        _ => refusal(import).map_or(Ok(()), Err),
    }
}

fn check_grant(
    import: &str,
    capability: &'static Capability,
    grants: &Grants,
    ungranted: Ungranted,
    advice: GrantAdvice<'_>,
) -> Result<(), PluginFault> {
    let granted = grants.include(capability.name) || capability.without == Without::Empty;
    if granted || ungranted == Ungranted::DenyAtCall {
        return Ok(());
    }
    let advice = advice.text(capability);
    Err(PluginFault::Denied { import: import.to_owned(), capability: capability.name, advice })
}

impl GrantAdvice<'_> {
    fn text(&self, capability: &Capability) -> String {
        let wanted = self.wanted.iter().filter(|it| it.capability() == capability.name);
        let mut grants: Vec<String> = wanted.map(ToString::to_string).collect();
        if grants.is_empty() {
            grants.push(capability.example.to_owned());
        }
        match self.by {
            GrantedBy::Command(id) => {
                format!("grant it with `smartcms plugin grant {id} {}`", grants.join(" "))
            }
            GrantedBy::Argument => format!("grant it with `--grant {}`", grants.join(" --grant ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GrantAdvice, GrantedBy, PluginFault, PluginSetup, Ungranted};

    const ARGUMENT: GrantAdvice<'_> = GrantAdvice { by: GrantedBy::Argument, wanted: &[] };

    #[track_caller]
    fn check(import: &str, grants: &[&str], expected: Result<(), &str>) {
        let grants = grants.iter().map(|it| it.parse().unwrap()).collect();
        let advice = GrantAdvice { by: GrantedBy::Command("demo"), wanted: &[] };
        let outcome = PluginSetup::check([import], &grants, Ungranted::Refuse, advice);
        assert_eq!(outcome.map(drop).map_err(|it| it.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn what_was_not_granted_is_refused_with_the_command_that_grants_it() {
        let refused = "it imports wasi:keyvalue/store@0.2.0-draft, which needs the capability kv; \
                       grant it with `smartcms plugin grant demo kv`";
        check("wasi:keyvalue/store@0.2.0-draft", &[], Err(refused));
        check("wasi:keyvalue/store@0.2.0-draft", &["kv"], Ok(()));
        let refused = "it imports wasi:http/client@0.3.0, which needs the capability http; \
                       grant it with `smartcms plugin grant demo http=api.example.com:443`";
        check("wasi:http/client@0.3.0", &["kv"], Err(refused));
        check("wasi:http/client@0.3.0", &["http=a.test:80"], Ok(()));
    }

    #[test]
    fn the_grant_that_the_author_asks_for_is_the_one_that_is_advised() {
        let wanted = ["nn=all-minilm-l6-v2", "kv", "nn=tiny"].map(|it| it.parse().unwrap());
        let import = "wasi:nn/graph@0.2.0-rc-2024-10-28";
        let refused = |by: GrantedBy<'_>| {
            let advice = GrantAdvice { by, wanted: &wanted };
            let none = Default::default();
            let outcome = PluginSetup::check([import], &none, Ungranted::Refuse, advice);
            outcome.unwrap_err().to_string()
        };
        let registered = refused(GrantedBy::Command("demo"));
        let command = "`smartcms plugin grant demo nn=all-minilm-l6-v2 nn=tiny`";
        assert!(registered.ends_with(command), "{registered}");
        let argument = refused(GrantedBy::Argument);
        assert!(argument.ends_with("`--grant nn=all-minilm-l6-v2 --grant nn=tiny`"), "{argument}");
    }

    #[test]
    fn folders_and_variables_are_empty_instead_of_refused() {
        check("wasi:filesystem/types@0.2.3", &[], Ok(()));
        check("wasi:cli/environment@0.2.3", &[], Ok(()));
    }

    #[test]
    fn sockets_cannot_be_granted() {
        let grants = ["kv".parse().unwrap()].into_iter().collect();
        let outcome =
            PluginSetup::check(["wasi:sockets/tcp@0.2.3"], &grants, Ungranted::Refuse, ARGUMENT);
        assert!(matches!(outcome, Err(PluginFault::UnknownImport { .. })));
    }

    #[test]
    fn an_operator_can_have_ungranted_interfaces_answer_denied() {
        let outcome = PluginSetup::check(
            ["wasi:sockets/tcp@0.2.3"],
            &Default::default(),
            Ungranted::DenyAtCall,
            ARGUMENT,
        );
        assert!(outcome.is_ok());
    }

    #[test]
    fn what_this_host_does_not_know_is_refused_whatever_the_operator_wants() {
        let outcome = PluginSetup::check(
            ["evil:all/things@1.0.0"],
            &Default::default(),
            Ungranted::DenyAtCall,
            ARGUMENT,
        );
        assert!(matches!(outcome, Err(PluginFault::UnknownImport { .. })));
    }
}

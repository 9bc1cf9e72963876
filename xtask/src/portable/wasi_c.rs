//! The C compiler for WebAssembly, as two programs that build scripts of crates call.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::workshop::Workshop;

/// What of SQLite is left out: parts that no statement of ours uses, each some tens of kilobytes; and memory statistics, as in
/// every build (`.cargo/config.toml`, which gives way to this).
const SQLITE: &str = "-DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_OMIT_AUTOVACUUM -DSQLITE_OMIT_COMPILEOPTION_DIAGS \
-DSQLITE_OMIT_COMPLETE -DSQLITE_OMIT_DATETIME_FUNCS -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_DESERIALIZE \
-DSQLITE_OMIT_GET_TABLE -DSQLITE_OMIT_INTROSPECTION_PRAGMAS -DSQLITE_OMIT_LOAD_EXTENSION \
-DSQLITE_OMIT_SHARED_CACHE -DSQLITE_OMIT_TCL_VARIABLE -DSQLITE_OMIT_TRACE -DSQLITE_OMIT_UTF16 -DSQLITE_OMIT_WAL \
-DSQLITE_UNTESTABLE -USQLITE_ENABLE_API_ARMOR -USQLITE_ENABLE_COLUMN_METADATA -USQLITE_ENABLE_DBSTAT_VTAB \
-USQLITE_ENABLE_FTS3 -USQLITE_ENABLE_FTS3_PARENTHESIS -USQLITE_ENABLE_LOAD_EXTENSION \
-USQLITE_ENABLE_MEMORY_MANAGEMENT -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_STAT4 -USQLITE_SOUNDEX";

/// Makes a cargo call compile C for the target by the clang of the package ziglang.
///
/// It has names of targets of its own, and would check for undefined behaviour at run time.
pub(super) fn apply(workshop: &Workshop, command: &mut Command) -> Result<()> {
    let python = workshop.portable_venv().join("bin/python").display().to_string();
    let compiler = format!(
        "#!/bin/sh\nfor it; do shift; case \"$it\" in --target=*) ;; *) set -- \"$@\" \"$it\" ;; esac; done\n\
         exec '{python}' -m ziglang cc -target wasm32-wasi -fno-sanitize=undefined \"$@\"\n"
    );
    let archiver = format!("#!/bin/sh\nexec '{python}' -m ziglang ar \"$@\"\n");
    let folder = workshop.state().join("wasi-c");
    command.env("LIBSQLITE3_FLAGS", SQLITE);
    command.env("CC_wasm32_wasip2", program(&folder, "cc", &compiler)?);
    command.env("AR_wasm32_wasip2", program(&folder, "ar", &archiver)?);
    Ok(())
}

fn program(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    let failed = || format!("could not write {}", path.display());
    fs::create_dir_all(folder).with_context(failed)?;
    // Written only where it is another one: cargo would build anew.
    if fs::read_to_string(&path).ok().as_deref() != Some(text) {
        fs::write(&path, text).with_context(failed)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).with_context(failed)?;
    }
    Ok(path)
}

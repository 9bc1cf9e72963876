//! The only unsafe code of the crate: SQLite speaks C.
//!
//! What makes it sound: SQLite calls the methods of a file between `xOpen` and `xClose` alone, from one thread at a time,
//! and with buffers of the length it says; the file system and its ground are never freed.

use super::{
    Arc, CStr, CString, Database, Level, OpenFile, Shared, c_char, c_int, c_void, code_of, ffi,
};

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// The longest name of a file.
const NAME_LEN_MAX: c_int = 64;

pub(super) fn register(name: CString, shared: Arc<Shared>) -> c_int {
    // SAFETY: SQLite initializes itself, and gives a table that is never freed, or null.
    let usual = unsafe {
        let code = ffi::sqlite3_initialize();
        if code != ffi::SQLITE_OK {
            return code;
        }
        ffi::sqlite3_vfs_find(std::ptr::null())
    };
    // SAFETY: as above; copied, so that sleeping and the time are the usual ones.
    let Some(usual) = (unsafe { usual.as_ref() }) else { return ffi::SQLITE_ERROR };
    let vfs = ffi::sqlite3_vfs {
        szOsFile: size_of::<OpenFile>() as c_int,
        mxPathname: NAME_LEN_MAX,
        pNext: std::ptr::null_mut(),
        zName: name.into_raw(),
        pAppData: Arc::into_raw(shared).cast_mut().cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_path_name),
        xRandomness: Some(randomness),
        ..*usual
    };
    // SAFETY: the table is leaked, as SQLite keeps it.
    unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0) }
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: `file` has room for an `OpenFile`, as the table says; without methods it is never closed.
    unsafe { (*file).pMethods = std::ptr::null() };
    // Journals and temporary files are in memory: whoever asks for one has a connection that was not set up.
    if flags & ffi::SQLITE_OPEN_MAIN_DB == 0 || name.is_null() {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: a text that ends in zero, and what `register` leaked.
    let (name, shared) = unsafe {
        let shared: *const Shared = (*vfs).pAppData.cast_const().cast();
        Arc::increment_strong_count(shared);
        (CStr::from_ptr(name), Arc::from_raw(shared))
    };
    let Ok(name) = name.to_str() else { return ffi::SQLITE_CANTOPEN };
    let database = Box::new(Database::new(shared, name.to_owned()));
    // SAFETY: as at the beginning; `flags_out` is null or takes a number.
    unsafe {
        (*file.cast::<OpenFile>()).database = Box::into_raw(database);
        (*file).pMethods = &raw const METHODS;
        if let Some(out) = flags_out.as_mut() {
            *out = flags;
        }
    }
    ffi::SQLITE_OK
}

/// The database of an open file.
unsafe fn of<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Database {
    // SAFETY: `open` set it, and `close` is the last to be called.
    unsafe { &mut *(*file.cast::<OpenFile>()).database }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: what `open` made of a box, once.
    drop(unsafe { Box::from_raw((*file.cast::<OpenFile>()).database) });
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    target: *mut c_void,
    len: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(len), Ok(at)) = (usize::try_from(len), u64::try_from(at)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: SQLite's buffer has this length; it is filled with zeros first, so all of it is initialized.
    let (database, target) = unsafe {
        target.cast::<u8>().write_bytes(0, len);
        (of(file), std::slice::from_raw_parts_mut(target.cast::<u8>(), len))
    };
    match database.read(at, target) {
        Ok(read) if read == len => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(trouble) => code_of(Err(trouble), ffi::SQLITE_IOERR_READ),
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    source: *const c_void,
    len: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(len), Ok(at)) = (usize::try_from(len), u64::try_from(at)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: SQLite's buffer has this length.
    let (database, source) =
        unsafe { (of(file), std::slice::from_raw_parts(source.cast::<u8>(), len)) };
    code_of(database.write(at, source), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: ffi::sqlite3_int64) -> c_int {
    // SAFETY: an open file.
    let database = unsafe { of(file) };
    code_of(database.truncate(u64::try_from(len).unwrap_or_default()), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    code_of(unsafe { of(file) }.commit(), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and where its size goes.
    let (database, size) = unsafe { (of(file), &mut *size) };
    let len = database.bytes_len();
    code_of(len.map(|len| *size = i64::try_from(len).unwrap_or(i64::MAX)), ffi::SQLITE_IOERR_READ)
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    code_of(unsafe { of(file) }.lock(level_of(level)), ffi::SQLITE_IOERR_LOCK)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    unsafe { of(file) }.unlock(level_of(level));
    ffi::SQLITE_OK
}

fn level_of(level: c_int) -> Level {
    match level {
        ffi::SQLITE_LOCK_NONE => Level::Nothing,
        ffi::SQLITE_LOCK_SHARED => Level::Reading,
        _ => Level::Writing,
    }
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: an open file, and where the answer goes.
    let (database, out) = unsafe { (of(file), &mut *out) };
    *out = c_int::from(database.level() == Level::Writing);
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    4096
}

unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_SAFE_APPEND
        | ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
        | ffi::SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, _: *const c_char, _: c_int) -> c_int {
    ffi::SQLITE_OK
}

/// There is no journal beside a database.
unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    _: *const c_char,
    _: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: where the answer goes.
    unsafe { *out = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_path_name(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    len: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: a text that ends in zero, and a buffer of this length that does not overlap it.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if usize::try_from(len).is_ok_and(|it| bytes.len() <= it) {
            std::ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
            return ffi::SQLITE_OK;
        }
    }
    ffi::SQLITE_CANTOPEN
}

unsafe extern "C" fn randomness(vfs: *mut ffi::sqlite3_vfs, len: c_int, out: *mut c_char) -> c_int {
    let wanted = usize::try_from(len).unwrap_or_default();
    // SAFETY: what `register` leaked, and a buffer of this length, which is filled with zeros first.
    let (shared, out) = unsafe {
        out.write_bytes(0, wanted);
        let shared: *const Shared = (*vfs).pAppData.cast_const().cast();
        (&*shared, std::slice::from_raw_parts_mut(out.cast::<u8>(), wanted))
    };
    for chunk in out.chunks_mut(8) {
        let bytes = (shared.ground.chance)().to_le_bytes();
        chunk.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    }
    len
}

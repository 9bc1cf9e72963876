//! The languages, by what authors write behind the fence.

use crate::language::{
    BACKTICK, DOUBLE, Key, LIKE_C, LITERAL, Language, NONE, Quote, SINGLE, WITH_HASHES, quote,
};

const TRIPLE: Quote = quote("\"\"\"", true, true);
const TRIPLE_SINGLE: Quote = quote("'''", true, true);
/// A text in `"` that may go on in the next line.
const LONG: Quote = quote("\"", true, true);
const COLON: Option<Key> = Some(Key { sign: ':', before_space: false });
const COLON_AND_SPACE: Option<Key> = Some(Key { sign: ':', before_space: true });
const EQUALS: Option<Key> = Some(Key { sign: '=', before_space: false });

/// What a shell reads; also behind `$` in a terminal.
pub(crate) static SHELL: Language = Language {
    names: &["bash", "sh", "shell", "zsh", "fish"],
    quotes: &[LONG, LITERAL],
    keywords: "if then else elif fi for in do done while until case esac function return exit local export readonly declare set unset source shift break continue cd echo printf read test exec eval trap alias sudo",
    defining: "function",
    in_words: "-",
    constants: "true false",
    ..WITH_HASHES
};

/// The language of a name.
pub(crate) fn find(name: &str) -> Option<&'static Language> {
    std::iter::once(&SHELL).chain(ALL).find(|it| it.names.contains(&name))
}

static ALL: &[Language] = &[
    Language {
        names: &["rust", "rs"],
        quotes: &[LONG],
        raw_texts: true,
        keywords: "as async await box break const continue crate dyn else extern for if impl in let loop match move mut pub ref return self Self static super unsafe use where while yield bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64",
        constants: "true false None Some Ok Err",
        defining: "fn struct enum union trait mod type macro_rules!",
        marks: "",
        ..LIKE_C
    },
    Language {
        names: &["javascript", "js", "mjs", "cjs", "jsx"],
        quotes: &[DOUBLE, SINGLE, BACKTICK],
        single_characters: false,
        keywords: "async await break case catch continue debugger default delete do else export extends finally for from get if import in instanceof let new of return set static super switch this throw try typeof var void while with yield",
        constants: "true false null undefined NaN Infinity",
        defining: "class function const",
        in_words: "$",
        ..LIKE_C
    },
    Language {
        names: &["typescript", "ts", "tsx", "mts", "cts"],
        quotes: &[DOUBLE, SINGLE, BACKTICK],
        single_characters: false,
        keywords: "abstract any as asserts async await bigint boolean break case catch continue declare default delete do else export extends finally for from get if implements import in infer instanceof is keyof let never new number object of private protected public readonly return satisfies set static string super switch symbol this throw try typeof unique unknown var void while yield",
        constants: "true false null undefined NaN Infinity",
        defining: "class function const interface type enum namespace",
        in_words: "$",
        ..LIKE_C
    },
    Language {
        names: &["python", "py", "python3"],
        line_comments: &["#"],
        quotes: &[TRIPLE, TRIPLE_SINGLE, DOUBLE, SINGLE],
        keywords: "and as assert async await break case continue del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield self",
        constants: "True False None",
        defining: "def class",
        marks: "@",
        ..NONE
    },
    Language {
        names: &["go", "golang"],
        quotes: &[DOUBLE, quote("`", false, true)],
        keywords: "break case chan const continue default defer else fallthrough for go goto if import interface map package range return select struct switch var bool byte error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 any",
        constants: "true false nil iota",
        defining: "func type",
        marks: "",
        ..LIKE_C
    },
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "hpp", "objc", "arduino"],
        keywords: "alignas alignof auto break case catch char const constexpr continue default delete do double else explicit extern final float for friend goto if inline int long mutable new noexcept operator override private protected public register restrict return short signed sizeof static static_assert switch template this throw try typedef typename unsigned using virtual void volatile while bool size_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t",
        marks: "#",
        ..LIKE_C
    },
    Language {
        names: &["csharp", "cs", "c#"],
        keywords: "abstract as async await base bool break byte case catch char checked const continue decimal default delegate do double else event explicit extern finally fixed float for foreach get if implicit in init int internal is lock long new object operator out override params private protected public readonly ref return sbyte sealed set short sizeof static string switch this throw try typeof uint ulong unsafe ushort using var virtual void volatile when where while yield",
        defining: "class struct enum interface record namespace",
        marks: "#",
        ..LIKE_C
    },
    Language {
        names: &["java"],
        quotes: &[TRIPLE, DOUBLE],
        keywords: "abstract assert boolean break byte case catch char continue default do double else extends final finally float for if implements import instanceof int long native new package permits private protected public return sealed short static super switch synchronized this throw throws transient try var void volatile while yield",
        defining: "class interface enum record",
        ..LIKE_C
    },
    Language {
        names: &["kotlin", "kt", "kts"],
        quotes: &[TRIPLE, DOUBLE],
        keywords: "abstract as break by catch companion continue crossinline data do else enum external final finally for get if import in infix init inline inner internal is lateinit open operator out override package private protected public reified return sealed set super suspend tailrec this throw try val var vararg when where while",
        defining: "class interface object fun typealias",
        ..LIKE_C
    },
    Language {
        names: &["swift"],
        quotes: &[TRIPLE, DOUBLE],
        single_characters: false,
        keywords: "actor any as associatedtype async await break case catch continue convenience default defer deinit do else extension fallthrough fileprivate final for get guard if import in indirect init inout internal is lazy let mutating nonisolated open operator override private public repeat required rethrows return self Self set some static subscript super switch throw throws try var weak where while",
        constants: "true false nil",
        defining: "class struct enum protocol func typealias",
        marks: "@#",
        ..LIKE_C
    },
    Language {
        names: &["scala"],
        quotes: &[TRIPLE, DOUBLE],
        keywords: "abstract case catch do else extends final finally for given if implicit import lazy match new override package private protected return sealed super then this throw try using val var while with yield",
        defining: "class object trait def type enum",
        ..LIKE_C
    },
    Language {
        names: &["dart"],
        quotes: &[TRIPLE, TRIPLE_SINGLE, DOUBLE, SINGLE],
        single_characters: false,
        keywords: "abstract as assert async await base bool break case catch const continue covariant default deferred do double dynamic else export extends external factory final finally for get hide if implements import in int is late library new num on operator part required rethrow return sealed set show static String super switch sync this throw try typedef var void when while with yield",
        defining: "class enum mixin extension",
        ..LIKE_C
    },
    Language {
        names: &["zig"],
        block_comments: &[],
        keywords: "align allowzero and anyframe anytype asm async await break callconv catch comptime continue defer else errdefer error export extern for if inline noalias noinline nosuspend opaque or orelse packed pub resume return struct enum suspend switch test threadlocal try union unreachable usingnamespace volatile while bool f32 f64 i8 i16 i32 i64 isize u8 u16 u32 u64 usize void type",
        constants: "true false null undefined",
        defining: "fn const var",
        ..LIKE_C
    },
    Language {
        names: &["php"],
        line_comments: &["//", "#"],
        quotes: &[LONG, quote("'", true, true)],
        single_characters: false,
        keywords: "abstract and array as break callable case catch clone const continue declare default do echo else elseif empty extends final finally fn for foreach global if implements include instanceof insteadof isset list match new or private protected public print readonly require require_once return self static switch throw try unset use var while xor yield int string bool float void mixed php",
        constants: "true false null TRUE FALSE NULL",
        defining: "class interface trait enum function namespace",
        in_words: "$",
        marks: "",
        ..LIKE_C
    },
    Language {
        names: &["ruby", "rb"],
        quotes: &[LONG, quote("'", true, true)],
        keywords: "alias and begin break case do else elsif end ensure for if in next not or redo rescue retry return self super then undef unless until when while yield require require_relative attr_accessor attr_reader include extend private protected public puts raise",
        constants: "true false nil",
        defining: "def class module",
        in_words: "?!@$",
        ..WITH_HASHES
    },
    Language {
        names: &["perl", "pl"],
        quotes: &[LONG, LITERAL],
        keywords: "and cmp do else elsif eq for foreach ge gt if last le local lt my ne next no not or our print return require unless until use while",
        defining: "sub package",
        in_words: "$@%",
        ..WITH_HASHES
    },
    Language {
        names: &["elixir", "ex", "exs"],
        quotes: &[TRIPLE, LONG, SINGLE],
        keywords: "after alias and case catch cond do else end fn for if import in not or quote raise receive require rescue try unless unquote use when with",
        constants: "true false nil",
        defining: "def defp defmodule defmacro defstruct",
        in_words: "?!",
        marks: "@",
        ..WITH_HASHES
    },
    Language {
        names: &["r"],
        keywords: "break else for function if in next repeat return while library require",
        constants: "TRUE FALSE NULL NA NaN Inf",
        in_words: ".",
        ..WITH_HASHES
    },
    Language {
        names: &["julia", "jl"],
        block_comments: &[("#=", "=#")],
        quotes: &[TRIPLE, LONG],
        keywords: "abstract begin break catch const continue do else elseif end export finally for global if import in let local mutable quote return try using where while",
        constants: "true false nothing missing",
        defining: "function struct module macro",
        in_words: "!",
        ..WITH_HASHES
    },
    Language {
        names: &["powershell", "ps1", "pwsh"],
        block_comments: &[("<#", "#>")],
        quotes: &[quote("\"", false, true), LITERAL],
        keywords: "begin break catch continue do else elseif end exit finally for foreach if in param process return switch throw trap try until while",
        constants: "$true $false $null",
        defining: "function class enum",
        any_case: true,
        in_words: "$-",
        ..WITH_HASHES
    },
    Language {
        names: &["lua"],
        line_comments: &["--"],
        block_comments: &[("--[[", "]]")],
        quotes: &[
            DOUBLE,
            SINGLE,
            Quote { open: "[[", close: "]]", escapes: false, many_lines: true },
        ],
        keywords: "and break do else elseif end for goto if in local not or repeat return then until while",
        constants: "true false nil",
        defining: "function",
        ..NONE
    },
    Language {
        names: &["haskell", "hs", "elm", "purescript"],
        line_comments: &["--"],
        block_comments: &[("{-", "-}")],
        quotes: &[DOUBLE],
        single_characters: true,
        keywords: "as case deriving do else exposing foreign forall hiding if import in infix infixl infixr instance let of port qualified then where",
        constants: "True False Nothing Just",
        defining: "module data newtype type class",
        in_words: "'",
        ..NONE
    },
    Language {
        names: &["clojure", "clj", "lisp", "scheme", "elisp", "racket"],
        line_comments: &[";"],
        quotes: &[LONG],
        keywords: "and case cond do fn for if lambda let letfn loop not ns or quote recur require set! when",
        constants: "true false nil",
        defining: "def defn defmacro defun define defvar",
        in_words: "-!?*+<>=/:",
        ..NONE
    },
    Language {
        names: &["sql", "postgres", "postgresql", "mysql", "sqlite", "plsql"],
        line_comments: &["--"],
        block_comments: &[("/*", "*/")],
        quotes: &[quote("'", false, true), quote("\"", false, false)],
        keywords: "add all alter analyze and any as asc begin between by cascade case check collate column commit conflict constraint create cross default delete desc distinct do drop else end except exists explain filter for foreign from full group having if ilike in index inner insert intersect into is join key lateral left like limit materialized natural not nothing offset on or order outer over partition primary recursive references replace returning right rollback row rows select set strict table temporary then to transaction trigger truncate union unique update using values view when where window with bigint blob boolean char date decimal double float int integer json jsonb numeric real serial smallint text time timestamp uuid varchar",
        constants: "true false null",
        any_case: true,
        ..NONE
    },
    Language {
        names: &["css", "scss", "sass", "less"],
        line_comments: &["//"],
        comments_begin_words: true,
        block_comments: &[("/*", "*/")],
        keywords: "!important important and or not from to",
        in_words: "-",
        marks: "@",
        keys: COLON_AND_SPACE,
        ..NONE
    },
    Language {
        names: &["json", "jsonc", "json5", "geojson"],
        line_comments: &["//"],
        block_comments: &[("/*", "*/")],
        constants: "true false null",
        keys: COLON,
        ..NONE
    },
    Language {
        names: &["yaml", "yml"],
        constants: "true false null yes no on off",
        in_words: "-.",
        keys: COLON_AND_SPACE,
        ..WITH_HASHES
    },
    Language {
        names: &["toml", "ini", "conf", "cfg", "properties", "env", "dotenv", "editorconfig"],
        line_comments: &["#", ";"],
        quotes: &[TRIPLE, TRIPLE_SINGLE, DOUBLE, quote("'", false, false)],
        in_words: "-.",
        keys: EQUALS,
        sections: true,
        ..WITH_HASHES
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        keywords: "FROM AS RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL",
        in_words: "-",
        ..WITH_HASHES
    },
    Language {
        names: &["makefile", "make", "cmake"],
        keywords: "ifeq ifneq ifdef ifndef else endif include define endef export if elseif endif foreach endforeach function endfunction set project add_executable add_library target_link_libraries",
        in_words: "-.",
        ..WITH_HASHES
    },
    Language {
        names: &["nginx", "caddy", "apache", "hcl", "terraform", "tf"],
        keywords: "server location listen root upstream proxy_pass return rewrite if include resource data variable output module provider locals",
        in_words: "-",
        ..WITH_HASHES
    },
    Language {
        names: &["nix"],
        block_comments: &[("/*", "*/")],
        quotes: &[LONG, Quote { open: "''", close: "''", escapes: false, many_lines: true }],
        keywords: "assert else if import in inherit let or rec then with",
        in_words: "-'",
        keys: EQUALS,
        ..WITH_HASHES
    },
    Language {
        names: &["graphql", "gql"],
        quotes: &[TRIPLE, DOUBLE],
        keywords: "extend fragment implements mutation on query schema subscription",
        defining: "type interface union enum input scalar directive",
        marks: "@",
        ..WITH_HASHES
    },
    Language {
        names: &["protobuf", "proto"],
        keywords: "extend extensions import map oneof option optional package repeated required reserved returns rpc stream syntax to bool bytes double fixed32 fixed64 float int32 int64 string uint32 uint64",
        defining: "message service enum",
        ..LIKE_C
    },
    Language {
        names: &["wit"],
        keywords: "as async constructor export from future import include list option own borrow result static stream tuple use with bool char string u8 u16 u32 u64 s8 s16 s32 s64 f32 f64",
        defining: "enum flags func interface package record resource type variant world",
        in_words: "-",
        marks: "@",
        ..LIKE_C
    },
    Language {
        names: &["wat", "wast"],
        line_comments: &[";;"],
        block_comments: &[("(;", ";)")],
        quotes: &[DOUBLE],
        keywords: "block br br_if call component data drop elem else end export func global if import instance local loop memory module mut offset param result return start table then type unreachable i32 i64 f32 f64",
        in_words: "$.",
        ..NONE
    },
];

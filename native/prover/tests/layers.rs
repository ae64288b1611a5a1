//! The order of the modules: top-level modules use only those above them in the list in `lib.rs`, and no two files
//! import each other, directly or through others. Code under `#[cfg(test)]` is free to use anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A path from the crate root: `["engine", "ifma", "lanes"]`.
type Module = Vec<String>;

/// The part of a source file that matters here.
#[derive(Default)]
struct Source {
    /// Absolute paths of everything imported or named with `crate::`, `self::` or `super::`.
    uses: Vec<Module>,
    /// Names made public by `pub use`, and where they come from.
    reexports: BTreeMap<String, Module>,
}

struct Crate {
    /// Top-level modules in the order of the list in `lib.rs`.
    layers: Vec<String>,
    files: BTreeMap<Module, Source>,
}

impl Crate {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let lib = fs::read_to_string(root.join("lib.rs")).expect("lib.rs");
        let listed = |line: &str| {
            let name = line.strip_prefix("//! - [`")?.split('`').next()?;
            Some(name.to_owned())
        };
        let mut files = BTreeMap::new();
        let code = code_of(&lib);
        for module in child_modules(&code) {
            read_module(&root, vec![module], &mut files);
        }
        Self {
            layers: lib.lines().filter_map(listed).collect(),
            files,
        }
    }

    fn layer(&self, module: &str) -> usize {
        let found = self.layers.iter().position(|layer| layer == module);
        found.unwrap_or_else(|| panic!("the list in lib.rs lacks {module}"))
    }

    /// The file in which what a path names is defined: re-exports are followed.
    fn file_of(&self, path: &[String]) -> Option<Module> {
        let length = (1..=path.len())
            .rev()
            .find(|length| self.files.contains_key(&path[..*length]))?;
        let (module, item) = path.split_at(length);
        let reexport = item
            .first()
            .and_then(|name| self.files[module].reexports.get(name));
        match reexport {
            Some(source) => self.file_of(source),
            None => Some(module.to_vec()),
        }
    }

    fn files_used_by(&self, module: &Module) -> BTreeSet<Module> {
        let uses = self.files[module].uses.iter();
        let mut used: BTreeSet<_> = uses.filter_map(|path| self.file_of(path)).collect();
        used.remove(module);
        used
    }
}

fn read_module(folder: &Path, module: Module, files: &mut BTreeMap<Module, Source>) {
    let name = module.last().expect("not the root");
    let (folder, file) = match folder.join(name).is_dir() {
        true => (folder.join(name), folder.join(name).join("mod.rs")),
        false => (folder.to_owned(), folder.join(format!("{name}.rs"))),
    };
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let code = code_of(&text);
    for child in child_modules(&code) {
        read_module(&folder, [&module[..], &[child]].concat(), files);
    }
    files.insert(module.clone(), source_of(&code, &module));
}

/// The text without comments and without items under `#[cfg(test)]`.
fn code_of(text: &str) -> String {
    let lines = text.lines();
    let code: String = lines
        .map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n")
        .collect();
    let mut parts = code.split("#[cfg(test)]");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    kept.extend(parts.map(after_first_item));
    kept
}

/// What follows an item: it ends with a semicolon or with the brace that closes its block.
fn after_first_item(code: &str) -> &str {
    let mut depth = 0;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(character, ';' | '}') {
            return &code[at + 1..];
        }
    }
    ""
}

/// The modules declared in separate files.
fn child_modules(code: &str) -> Vec<String> {
    let name = |line: &str| {
        let (_, name) = line.strip_suffix(';')?.rsplit_once("mod ")?;
        Some(name.to_owned())
    };
    code.lines().filter_map(name).collect()
}

fn source_of(code: &str, module: &Module) -> Source {
    let mut source = Source::default();
    let mut rest = code.to_owned();
    for statement in code.split_inclusive(';') {
        let Some((visibility, tree)) = use_statement(statement) else {
            continue;
        };
        rest = rest.replacen(tree, "", 1);
        for path in expand(tree.trim_end_matches(';')) {
            let Some(absolute) = absolute(&path, module) else {
                continue;
            };
            if visibility.starts_with("pub") {
                let name = absolute.last().expect("a path").clone();
                source.reexports.insert(name, absolute.clone());
            }
            source.uses.push(absolute);
        }
    }
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let inline = rest.split(|c| !is_path(c)).filter(|p| p.contains("::"));
    source
        .uses
        .extend(inline.filter_map(|path| absolute(path, module)));
    source
}

/// The visibility and the tree of a statement that ends with a `use` declaration.
fn use_statement(statement: &str) -> Option<(&str, &str)> {
    let start = statement.rfind("use ")?;
    let before = &statement[..start];
    let visibility = before.rsplit('\n').next()?.trim();
    let plain = visibility.is_empty() || visibility.starts_with("pub");
    plain.then(|| (visibility, &statement[start + "use ".len()..]))
}

/// The paths of a use tree: `a::{b, c::d}` has `a::b` and `a::c::d`.
fn expand(tree: &str) -> Vec<String> {
    let Some((prefix, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.trim().trim_end_matches("::self").to_owned()];
    };
    let group = group.trim_end().strip_suffix('}').expect("a closed group");
    let (mut depth, mut branches) = (0, vec![String::new()]);
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(String::new());
                continue;
            }
            _ => {}
        }
        branches.last_mut().expect("one").push(character);
    }
    let branches = branches.iter().filter(|branch| !branch.trim().is_empty());
    branches
        .flat_map(|branch| expand(&format!("{}{}", prefix.trim(), branch.trim())))
        .collect()
}

/// A path from the crate root; none for paths into other crates. A bare name may be a child module.
fn absolute(path: &str, module: &Module) -> Option<Module> {
    let mut base = module.clone();
    let mut segments = path.split("::").peekable();
    match segments.next()? {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            base.pop();
            while segments.next_if_eq(&"super").is_some() {
                base.pop();
            }
        }
        first => base.push(first.to_owned()),
    }
    base.extend(segments.map(str::to_owned));
    (!base.is_empty()).then_some(base)
}

#[test]
fn modules_use_only_what_stands_above_them_in_the_list() {
    let krate = Crate::read();
    let mut upward = Vec::new();
    for (module, source) in &krate.files {
        for used in source.uses.iter().filter_map(|path| krate.file_of(path)) {
            if krate.layer(&used[0]) > krate.layer(&module[0]) {
                upward.push(format!("{} uses {}", module.join("::"), used.join("::")));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn no_file_imports_itself_through_others() {
    let krate = Crate::read();
    let uses: BTreeMap<_, _> = krate
        .files
        .keys()
        .map(|module| (module.clone(), krate.files_used_by(module)))
        .collect();
    // Repeatedly removes files that use none of the others, and files that none of the others use.
    let mut left: BTreeSet<_> = uses.keys().cloned().collect();
    let is_end = |module: &Module, left: &BTreeSet<Module>| {
        uses[module].is_disjoint(left) || !left.iter().any(|other| uses[other].contains(module))
    };
    while let Some(module) = left.iter().find(|m| is_end(m, &left)).cloned() {
        left.remove(&module);
    }
    let circle: Vec<_> = left.iter().map(|module| module.join("::")).collect();
    assert!(
        circle.is_empty(),
        "these files import each other: {circle:#?}"
    );
}

/// The tests above would pass if nothing were read.
#[test]
fn reads_every_module_and_follows_reexports() {
    let krate = Crate::read();
    let top: BTreeSet<_> = krate.files.keys().map(|module| &module[0]).collect();
    assert_eq!(top, krate.layers.iter().collect());
    let module = |path: &str| -> Module { path.split("::").map(str::to_owned).collect() };
    let used = krate.files_used_by(&module("engine::ifma::transform"));
    for path in [
        "engine::ifma::token",
        "engine::interface",
        "engine::portable::transform",
        "parallel",
    ] {
        assert!(used.contains(&module(path)), "{path} in {used:?}");
    }
}

//! Launch chains side by side, for people and as JSON.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cli::report::bytes;
use crate::plan::doctor::chains::{Chain, Uses, first};
use crate::plan::doctor::scene::Scene;
use crate::text::show::tilde_list;

/// Reads one thing that Go uses, fit to be shown.
type Read<'a> = Box<dyn Fn(&Uses) -> String + 'a>;

/// For each thing that Go uses its values, and behind each the chains that have it: what is on one line is shared.
pub(super) fn text(scene: &Scene) -> String {
    let home = &scene.facts.user.home;
    let path = |path: &Result<PathBuf, &str>| match path {
        Ok(path) => scene.show(path),
        Err(why) => format!("none: {why}"),
    };
    let things: [(&str, Read); 5] = [
        ("go", Box::new(|uses| uses.go.as_ref().map_or_else(|| "none".to_owned(), |go| scene.show(go)))),
        ("GOPROXY", Box::new(Uses::proxy)),
        ("GOMODCACHE", Box::new(|uses| path(&uses.modules))),
        ("GOCACHE", Box::new(|uses| path(&uses.cache))),
        (
            "PATH",
            Box::new(|uses| uses.path.as_ref().map_or_else(|| "not set".to_owned(), |path| tilde_list(path, home))),
        ),
    ];
    let mut text = "\nlaunch chains, by what Go would use in each:\n".to_owned();
    for (name, read) in things {
        let values =
            scene.chains.iter().filter_map(|chain| Some((chain.name.clone(), read(chain.uses.as_ref().ok()?))));
        for (index, (value, names)) in Scene::by_value(values).into_iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            text.push_str(&format!("  {name:10}  {value}\n              in {}\n", names.join("; ")));
        }
    }
    for chain in &scene.chains {
        if let Err(why) = &chain.uses {
            text.push_str(&format!("  {}: not possible here: {why}\n", chain.name));
        }
    }
    text
}

/// Of GOPROXY never more than scheme and host of each entry.
pub(super) fn json(scene: &Scene) -> Value {
    let terminal = first(&scene.chains);
    let one = |chain: &Chain| match &chain.uses {
        Err(why) => json!({"chain": chain.name, "terminal": chain.terminal, "possible": false, "why": why}),
        Ok(uses) => json!({
            "chain": chain.name,
            "terminal": chain.terminal,
            "possible": true,
            "go": uses.go.as_deref().map(bytes),
            "path": uses.path.as_deref().map(bytes),
            "goproxy": uses.proxy(),
            "gomodcache": uses.modules.as_deref().ok().map(bytes),
            "gocache": uses.cache.as_deref().ok().map(bytes),
            "shares_modules_with_terminal": terminal.map(|terminal| shared(&terminal.modules, &uses.modules)),
            "shares_cache_with_terminal": terminal.map(|terminal| shared(&terminal.cache, &uses.cache)),
        }),
    };
    scene.chains.iter().map(one).collect()
}

/// What is not there is shared with nobody.
fn shared(ours: &Result<PathBuf, &str>, theirs: &Result<PathBuf, &str>) -> bool {
    matches!((ours, theirs), (Ok(ours), Ok(theirs)) if ours == theirs)
}

//! Templates of blocks: readable as what they are, shell text.
//!
//! - `{{name}}` is a hole; a line whose hole is empty is left out.
//! - The lines between `#: with NAME` and `#: end` stand only where NAME is chosen, or each of several names;
//!   `#: without NAME` is the other case. The next of these lines ends them too.
//! - `#: note …` explains the template and never reaches a startup file: a comment line pasted at a prompt may run.

/// What is filled in: a hole's name and its text, already quoted for the shell.
pub type Holes<'a> = &'a [(&'a str, Option<Vec<u8>>)];

/// Renders a template. `parts` are the names chosen for `#: with`.
pub fn render(template: &str, holes: Holes, parts: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut standing = true;
    for line in template.lines() {
        if let Some(directive) = line.strip_prefix("#: ") {
            match directive.split_once(' ') {
                Some(("with", name)) => standing = name.split(' ').all(|name| parts.contains(&name)),
                Some(("without", name)) => standing = !parts.contains(&name),
                Some(("note", _)) => {}
                _ => standing = true,
            }
        } else if standing && let Some(line) = fill(line, holes) {
            out.extend_from_slice(&line);
            out.push(b'\n');
        }
    }
    out
}

fn fill(line: &str, holes: Holes) -> Option<Vec<u8>> {
    for (name, value) in holes {
        if let Some((before, after)) = line.split_once(&format!("{{{{{name}}}}}")) {
            return Some([before.as_bytes(), value.as_deref()?, after.as_bytes()].concat());
        }
    }
    Some(line.as_bytes().to_vec())
}

/// The texts that stand before the hole `name` in the template's lines: where to read its value back in a body.
pub fn leads<'a>(template: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let hole = format!("{{{{{name}}}}}");
    template.lines().filter_map(move |line| Some(line.split_once(&hole)?.0.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "a\n#: with x\nx={{x}}\n#: without x\nno x\n#: end\n#: note why\n  y={{y}}; z\nend\n";

    #[test]
    fn parts_and_holes() {
        let holes: &[(&str, Option<Vec<u8>>)] = &[("x", Some(b"'1'".to_vec())), ("y", None)];
        assert_eq!(render(TEMPLATE, holes, &["x"]), b"a\nx='1'\nend\n");
        assert_eq!(render(TEMPLATE, &[("y", Some(b"2".to_vec()))], &[]), b"a\nno x\n  y=2; z\nend\n");
        let both = "#: with a b\n1\n#: with a\n2\n#: end\n3\n";
        assert_eq!(render(both, &[], &["a"]), b"2\n3\n");
        assert_eq!(render(both, &[], &["b", "a"]), b"1\n2\n3\n");
    }

    #[test]
    fn leads_name_the_place_before_a_hole() {
        assert_eq!(leads(TEMPLATE, "y").collect::<Vec<_>>(), ["y="]);
    }
}

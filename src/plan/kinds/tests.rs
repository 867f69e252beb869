use super::*;

const HOME: &str = "/home/u";

fn name(bin: &str, marks: &[&'static str]) -> Option<&'static str> {
    let land = Landmarks { home: Path::new(HOME), variables: &[], marks };
    recognise(Path::new(bin), &land).map(|found| found.kind.name)
}

#[test]
fn the_table_is_well_formed() {
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert!(names.len() >= 25, "{}", names.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), KINDS.len(), "two kinds of one name");
    for kind in KINDS {
        let places = || kind.places.iter().chain(kind.more);
        assert!(places().next().is_some() || !kind.leads_to.is_empty(), "{} is found nowhere", kind.name);
        for place in places() {
            assert!(["/", "~/", "$"].iter().any(|start| place.starts_with(start)), "{place}");
            // A store holds tens of thousands of folders; profiles lead to what is in use.
            assert!(!["/nix/store", "/gnu/store"].iter().any(|store| place.starts_with(store)), "{place}");
            assert!(place.split('/').all(|part| part.matches('*').count() <= 1), "{place}");
        }
        for root in kind.portable {
            assert!(kind.places.contains(&format!("{root}/bin").as_str()), "{root}");
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte);
            assert!(root.bytes().all(plain), "{root} would need quotes, or is no name that stays");
        }
        for (shape, policy) in kind.shapes {
            assert!(["/", "~/", "$", "**/"].iter().any(|start| shape.starts_with(start)), "{shape}");
            if let Policy::Instead(template) | Policy::Rather(template) | Policy::SameAs(template) = policy {
                assert!(template.matches('*').count() <= shape.matches('*').count(), "{shape} {template}");
            }
        }
        assert!(kind.marks.iter().all(|mark| mark.split('/').all(pattern::is_plain)), "{}", kind.name);
    }
}

#[test]
fn each_place_is_of_its_kind_and_may_be_kept_as_its_policy_says() {
    for kind in KINDS {
        let marks: Vec<&'static str> = kind.marks.to_vec();
        let mut variables: Vec<(&'static str, PathBuf)> = Vec::new();
        for place in kind.places.iter().chain(kind.more) {
            variables.extend(
                place
                    .strip_prefix('$')
                    .and_then(|rest| rest.split('/').next())
                    .map(|name| (name, PathBuf::from("/var/x"))),
            );
            let land = Landmarks { home: Path::new(HOME), variables: &variables, marks: &marks };
            let (starts, rest) = land.starts(place);
            let concrete = starts[0].join(rest.replace('*', "1.22").replace('#', "1").replace('&', "c"));
            let found = recognise(&concrete, &land).unwrap_or_else(|| panic!("{}", concrete.display()));
            assert_eq!(found.kind.name, kind.name, "{}", concrete.display());
            let listed_only = kind.more.contains(place) && kind.policy == Policy::Stays;
            assert!(
                found.policy == kind.policy || listed_only || matches!(found.policy, Policy::Rather(_)),
                "{found:?}"
            );
        }
    }
}

#[test]
fn one_path_may_be_of_several_kinds() {
    let lib = "/usr/lib/go/bin";
    assert_eq!(name(lib, &[]), Some("distribution"));
    assert_eq!(name(lib, &["/etc/arch-release"]), Some("arch"));
    assert_eq!(name(lib, &["/etc/alpine-release"]), Some("alpine"));
    assert_eq!(name(lib, &["/etc/debian_version"]), Some("distribution"), "Debian's is a link");
    assert_eq!(name("/usr/lib/go-1.19/bin", &[]), Some("debian"));
    assert_eq!(name("/usr/local/go/bin", &[]), Some("official"));
    assert_eq!(name("/usr/local/go/bin", &["/etc/paths.d/go"]), Some("macos-package"));
    assert_eq!(name("/home/u/.go/bin", &[]), None);
    assert_eq!(name("/home/u/.go/bin", &["~/.go/.versions"]), Some("stefanmaric-g"));
    assert_eq!(name("/home/u/.local/share/mise/installs/conda/miniconda3/bin", &[]), Some("conda"));
    assert_eq!(name("/opt/hostedtoolcache/x/.gvm/gos/go1/bin", &[]), Some("ci-tool-cache"));
    assert_eq!(name("/usr/bin", &[]), None);
}

#[test]
fn the_environment_is_asked_for_what_the_table_names() {
    let names = variables();
    for name in ["MISE_DATA_DIR", "ASDF_DATA_DIR", "ASDF_DIR", "GOENV_ROOT", "GVM_ROOT", "GOMODCACHE", "CONDA_PREFIX"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(names.is_sorted());
}

//! `~/.netrc`: who to be at which host. Source: cmd/go/internal/auth/netrc.go.

/// Who to be at a host: to be sent, never to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    machine: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

/// Reads such a file.
pub fn parse(text: &str) -> Vec<Login> {
    let new = || Login { machine: String::new(), name: String::new(), password: String::new() };
    let (mut logins, mut login, mut in_macro) = (Vec::new(), new(), false);
    for line in text.split('\n') {
        if in_macro {
            in_macro = !line.is_empty();
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.chunks_exact(2) {
            match pair[0] {
                "machine" => login = Login { machine: pair[1].to_owned(), ..new() },
                "login" => pair[1].clone_into(&mut login.name),
                "password" => pair[1].clone_into(&mut login.password),
                "macdef" => in_macro = true,
                _ => {}
            }
            if !login.machine.is_empty() && !login.name.is_empty() && !login.password.is_empty() {
                logins.push(std::mem::replace(&mut login, new()));
            }
        }
        if words.len() % 2 == 1 && words.last() == Some(&"default") {
            break;
        }
    }
    logins
}

/// Who to be at a host, which may have a port; of several the first counts. A machine may name the beginning of a path too.
pub fn find<'a>(logins: &'a [Login], host_and_path: &str) -> Option<&'a Login> {
    let mut prefix = host_and_path.trim_end_matches('/');
    loop {
        let machine = |login: &&Login| login.machine.trim_start_matches("https://").trim_end_matches('/') == prefix;
        if let Some(login) = logins.iter().find(machine) {
            return Some(login);
        }
        prefix = prefix.rsplit_once('/')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_reads_it() {
        let text = "machine a.example login ann password s3\n# no comment\nmacdef init\nmachine b.example login x password y\n\n\
                    machine c.example:8443\n  login cy\n  password p\nmachine a.example login later password z\n\
                    machine d.example/go login d password q\ndefault\nmachine e.example login e password e";
        let logins = parse(text);
        let name = |host: &str| find(&logins, host).map(|login| login.name.as_str());
        assert_eq!(name("a.example/mod"), Some("ann"));
        assert_eq!(name("b.example"), None);
        assert_eq!(name("c.example:8443/x/y"), Some("cy"));
        assert_eq!(name("c.example"), None);
        assert_eq!(name("d.example/go/x"), Some("d"));
        assert_eq!(name("d.example/more"), None);
        assert_eq!(name("e.example"), None);
    }
}

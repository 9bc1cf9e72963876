//! A unit of systemd that runs `wasmtime serve`.

use std::fmt::Write as _;

use super::{DESCRIPTION, Deployment};

pub(super) fn unit(site: &Deployment) -> String {
    let Deployment { name, .. } = site;
    let mut text = format!(
        "[Unit]\n\
         Description={DESCRIPTION}\n\
         After=network-online.target\n\
         Wants=network-online.target\n\
         \n\
         [Service]\n\
         DynamicUser=yes\n\
         StateDirectory={name}\n\
         EnvironmentFile=/etc/{name}/env\n"
    );
    // Writing to a string cannot fail.
    for (variable, value) in &site.environment {
        let _ = writeln!(text, "Environment={}", quoted(&format!("{variable}={value}")));
    }
    text.push_str(
        "ExecStart=/usr/local/bin/wasmtime serve --addr 127.0.0.1:8080 -Scli \\\n  \
         --max-instance-reuse-count=10000 --dir ${STATE_DIRECTORY}::/data \\\n",
    );
    for variable in site.environment.keys().chain(&site.secrets) {
        let _ = writeln!(text, "  --env {variable} \\");
    }
    // A dollar sign begins a variable in commands alone.
    let _ = writeln!(text, "  {}", quoted(&site.component).replace('$', "$$"));
    text.push_str(
        "Restart=on-failure\n\
         NoNewPrivileges=yes\n\
         ProtectSystem=strict\n\
         ProtectHome=yes\n\
         \n\
         [Install]\n\
         WantedBy=multi-user.target\n",
    );
    text
}

/// A word as units take it: in quotes where it has to be, and with nothing that systemd would put something else for.
fn quoted(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "_=:.,/@+-".contains(it);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    let mut word = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => word.extend(['\\', letter]),
            '%' => word.push_str("%%"),
            '\n' => word.push_str("\\n"),
            '\t' => word.push_str("\\t"),
            other => word.push(other),
        }
    }
    word.push('"');
    word
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_value_stays_one_word_and_brings_no_line_of_its_own() {
        assert_eq!(quoted("A=https://example.com"), "A=https://example.com");
        assert_eq!(
            quoted("A=100 % \"so\"\\\nExecStart=x"),
            "\"A=100 %% \\\"so\\\"\\\\\\nExecStart=x\""
        );
    }
}

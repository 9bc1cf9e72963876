//! A program of WASI 0.3, which does what its argument says.

struct Program;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        match wasip3::cli::environment::get_arguments().get(1).map(String::as_str) {
            Some("fail") => Err(()),
            _ => {
                println!("swept by 0.3");
                Ok(())
            }
        }
    }
}

wasip3::cli::command::export!(Program);

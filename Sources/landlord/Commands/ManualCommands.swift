import ArgumentParser

struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Print the manual page, landlord(1).",
    discussion: "To read it: landlord man | man -l -")

  func run() throws {
    let output = StandardOutput()
    try output.write(ManualPage.text)
    try output.finish()
  }
}

struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print what makes a shell complete landlord's commands and options.",
    discussion: """
      bash: landlord completions bash > ~/.local/share/bash-completion/completions/landlord
      zsh: landlord completions zsh > a folder of $fpath, as _landlord
      fish: landlord completions fish > ~/.config/fish/completions/landlord.fish
      """)

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  func run() throws {
    let output = StandardOutput()
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    try output.write(Landlord.completionScript(for: shell) + "\n")
    try output.finish()
  }
}

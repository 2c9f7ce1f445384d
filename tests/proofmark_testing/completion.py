"""Completion, driven in the shells themselves: what is offered when Tab is pressed at the end of a line."""
from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

# zsh hands every candidate to `compadd`; ours notes those that fit what is typed.
ZSH_SETUP = """
PROMPT= RPROMPT=
fpath=({folder} $fpath)
autoload -Uz compinit && compinit -u -D
bindkey '^I' complete-word
bindkey '^U' kill-whole-line
zstyle ':completion:*' insert-tab false
compadd() {{
  if [[ ${{@[1,(i)(-|--)]}} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a offered
  builtin compadd -O offered "$@"
  (( $#offered )) && print -rl -- $offered >>{capture}
  builtin compadd "$@"
}}
finished() {{ print -r -- ' done' >>{capture}; comppostfuncs=(finished) }}
comppostfuncs=(finished)
print -r -- ' ready' >{capture}
"""


def bash(script: Path, line: str, folder: Path) -> list[str]:
    """COMPREPLY for a line. Readline's words: an equals sign is one by itself."""
    words = line.replace("=", " = ").split(" ")
    words = [word for word in words[:-1] if word] + [words[-1]]
    program = ('source "$1"; shift; name=$1; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()\n'
               'function=$(complete -p "$name" | sed -E "s/.* -F ([^ ]+) .*/\\1/"); "$function" "$name" "${COMP_WORDS[COMP_CWORD]}" ""\n'
               '(( ${#COMPREPLY[@]} == 0 )) || printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "--norc", "-c", program, "bash", str(script), *words], cwd=folder, capture_output=True, text=True, timeout=20)
    return sorted(done.stdout.splitlines()) if done.returncode == 0 and not done.stderr else [f"exit {done.returncode}: {done.stderr}"]


class Zsh:
    """An interactive zsh on a terminal of its own, with the completions of `folder`."""

    def __init__(self, functions: Path, folder: Path) -> None:
        self.capture = folder / ".zsh-capture"
        setup = folder / ".zsh-setup"
        setup.write_text(ZSH_SETUP.format(folder=functions, capture=self.capture))
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": str(folder), "LC_ALL": "C.UTF-8"})
        self.pid = pid
        self.send(f"source {setup}\n")
        self.wait(" ready")

    def send(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def wait(self, word: str, seconds: float = 120) -> list[str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.02)[0]:
                os.read(self.terminal, 65536)                  # what it displays is of no interest, but must be taken
            lines = self.capture.read_text().splitlines() if self.capture.exists() else []
            if word in lines:
                return [line for line in lines if line != word]
        raise TimeoutError(f"zsh gave no answer within {seconds} s")

    def offered(self, line: str) -> list[str]:
        self.capture.write_text("")
        self.send("\x15" + line + "\t")
        return sorted(set(self.wait(" done")))

    def close(self) -> None:
        os.close(self.terminal)                                # which ends the shell
        os.waitpid(self.pid, 0)

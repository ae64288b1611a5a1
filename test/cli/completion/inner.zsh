# Read by an interactive zsh without start-up files: prints what a tab offers between two lines MARK, then ends.
PROMPT=
autoload -Uz compinit
compinit -u -D
source "$SCRIPT"
# Never runs the line.
bindkey '^M' undefined
bindkey '^J' undefined
bindkey '^I' complete-word
mark() { print -r -- MARK }
compprefuncs=(mark)
comppostfuncs=(mark exit)
zstyle ':completion:*' insert-tab false
# Prints candidates, and adds them: _files offers all files if nothing was added. Calls that only compute something are passed on.
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return $?
  fi
  typeset -a __hits
  builtin compadd -A __hits "$@"
  local hit
  for hit in $__hits; do print -r -- "HIT $hit"; done
  builtin compadd "$@"
}
print READY

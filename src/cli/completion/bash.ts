import { type Completer, type DescribedCommand, withPaths } from './describe-program.ts';

/** A bash script, for bash 3.2 too, which macOS has. */
export function bashCompletion(program: DescribedCommand): string {
  const { name, options, commands } = program;
  const all = withPaths(commands);
  const groups = all.filter((command) => command.commands.length > 0).map((command) => quote(command.name));
  const own = [...commands.map((command) => command.name), 'help', ...flagsOf(options)];
  return `# bash completion for ${name}: eval "$(${name} completion bash)"

# Reads candidates from stdin, one a line: names may have blanks.
_${name}_take() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done
}

_${name}_words() { _${name}_take < <(compgen -W "$1" -- "$cur"); }

_${name}_folders() {
  compopt -o filenames 2>/dev/null
  _${name}_take < <(compgen -d -- "$cur")
}

# Folders, and files with one of the extensions; all files if none is given.
_${name}_files() {
  compopt -o filenames 2>/dev/null
  _${name}_take < <(compgen -f -- "$cur" | while IFS= read -r line; do
    if [[ $# -eq 0 || -d \${line/#\\~/$HOME} ]]; then echo "$line"; continue; fi
    for extension in "$@"; do if [[ $line == *"$extension" ]]; then echo "$line"; fi; done
  done)
}

_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command='' i
  # bash takes --option=value apart at the sign.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} == -* ]]; then continue; fi
    command=\${command:+$command }\${COMP_WORDS[i]}
    case $command in ${groups.length === 0 ? "''" : groups.join(' | ')}) ;; *) break ;; esac
  done
  COMPREPLY=()
  case "$command $prev" in
${all.flatMap((command) => valueCases(name, command)).join('\n')}
  esac
  case $command in
    '') _${name}_words '${own.join(' ')}' ;;
    help) _${name}_words '${commands.map((command) => command.name).join(' ')}' ;;
${all.map((command) => operandCase(name, command)).join('\n')}
  esac
}

complete -F _${name} ${name}
`;
}

function valueCases(name: string, { name: command, options }: DescribedCommand): string[] {
  return options.flatMap(({ long, value }) =>
    value === undefined ? [] : [`    ${quote(`${command} ${long}`)}) ${call(name, value)}; return ;;`],
  );
}

function operandCase(name: string, { name: command, operand, options, commands }: DescribedCommand): string {
  const flags = `_${name}_words '${flagsOf(options).join(' ')}'`;
  const names = { kind: 'choices', words: commands.map((inner) => inner.name) } as const;
  const completer = commands.length > 0 ? names : operand;
  const other = completer === undefined ? flags : call(name, completer);
  return `    ${quote(command)}) if [[ $cur == -* ]]; then ${flags}; else ${other}; fi ;;`;
}

function call(name: string, completer: Completer): string {
  switch (completer.kind) {
    case 'choices':
      return `_${name}_words '${completer.words.join(' ')}'`;
    case 'files':
      return [`_${name}_files`, ...completer.extensions].join(' ');
    case 'folders':
      return `_${name}_folders`;
    case 'unknown':
      return ':';
  }
}

function flagsOf(options: DescribedCommand['options']): string[] {
  return options.map(({ long }) => long);
}

function quote(text: string): string {
  return `'${text}'`;
}

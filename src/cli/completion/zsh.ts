import type { Completer, DescribedCommand, DescribedOption } from './describe-program.ts';

/** A zsh script, to be sourced or put in a folder of $fpath. */
export function zshCompletion(program: DescribedCommand): string {
  const { name } = program;
  return `#compdef ${name}
# zsh completion for ${name}: source <(${name} completion zsh)

${groupFunctions(`_${name}`, program)}
if [[ \${funcstack[1]} == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

/** The function that completes a command with commands of its own, after those of its groups. */
function groupFunctions(called: string, { options, commands }: DescribedCommand): string {
  const inner = (command: DescribedCommand) => `${called}_${command.name}`;
  const groups = commands.filter((command) => command.commands.length > 0);
  return `${groups.map((command) => groupFunctions(inner(command), command)).join('')}${called}_commands() {
  local -a commands=(
${commands.map(({ name, text }) => `    ${quote(`${name}:${text.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  _describe -t commands command commands
}

${called}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \\
${options.map((option) => `    ${optionSpec(option)} \\`).join('\n')}
    '1:command:${called}_commands' \\
    '*::argument:->argument'
  if [[ $state != argument ]]; then return; fi
  case $words[1] in
    help) ${called}_commands ;;
${commands.map((command) => commandCase(command, inner(command))).join('\n')}
  esac
}

`;
}

function commandCase({ name, operand, options, commands }: DescribedCommand, called: string): string {
  if (commands.length > 0) return `    ${name}) ${called} ;;`;
  const specs = options.map(optionSpec);
  if (operand !== undefined) specs.push(quote(`*:argument:${action(operand)}`));
  return `    ${name})\n      _arguments \\\n${specs.map((spec) => `        ${spec}`).join(' \\\n')}\n      ;;`;
}

/** `'--out=[the folder]:value:_files -/'`; for a short form too, `{-h,--help}'[…]'`. */
function optionSpec({ long, short, text, value }: DescribedOption): string {
  const tail = value === undefined ? '' : `:value:${action(value)}`;
  const described = `[${text.replace(/[[\]\\:]/g, '\\$&')}]${tail}`;
  if (short !== undefined) return `{${short},${long}}${quote(described)}`;
  return quote(`${long}${value === undefined ? '' : '='}${described}`);
}

function action(completer: Completer): string {
  switch (completer.kind) {
    case 'choices':
      return `(${completer.words.join(' ')})`;
    case 'files': {
      const names = completer.extensions.map((extension) => extension.slice(1));
      // One name in parentheses at the end would be a glob qualifier.
      const pattern = names.length === 1 ? names[0] : `(${names.join('|')})`;
      return names.length === 0 ? '_files' : `_files -g "*.${pattern}"`;
    }
    case 'folders':
      return '_files -/';
    case 'unknown':
      return ' ';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

import type { Completer, DescribedCommand, DescribedOption } from './describe-program.ts';

/** A fish script, to be sourced. */
export function fishCompletion({ name, options, commands }: DescribedCommand): string {
  const names = commands.map((command) => command.name).join(' ');
  const lines = [
    `# fish completion for ${name}: ${name} completion fish | source`,
    '',
    '# Folders, and files with one of the extensions; all files if none is given.',
    `function __${name}_files`,
    "  for found in (__fish_complete_path (commandline -ct) | string replace -r '\\t.*' '')",
    "    if test (count $argv) -eq 0; or string match -qr '/$' -- $found",
    '      echo $found',
    '      continue',
    '    end',
    '    for extension in $argv',
    '      string match -q -- "*$extension" $found; and echo $found',
    '    end',
    '  end',
    'end',
    '',
    `complete -c ${name} -f`,
    ...options.map((option) => optionLine(name, '__fish_use_subcommand', option)),
    ...commands.map((command) => nameLine(name, '__fish_use_subcommand', command)),
    `complete -c ${name} -n ${quote('__fish_seen_subcommand_from help')} -a ${quote(names)}`,
    ...commands.flatMap((command) => commandLines(name, seen(command), command)),
  ];
  return `${lines.join('\n')}\n`;
}

function seen({ name }: DescribedCommand): string {
  return `__fish_seen_subcommand_from ${name}`;
}

function nameLine(program: string, condition: string, { name, text }: DescribedCommand): string {
  return `complete -c ${program} -n ${quote(condition)} -a ${name} -d ${quote(text)}`;
}

function commandLines(
  program: string,
  condition: string,
  { operand, options, commands }: DescribedCommand,
): string[] {
  const lines = options.map((option) => optionLine(program, condition, option));
  const names = commands.map((command) => command.name).join(' ');
  const first = `${condition}; and not __fish_seen_subcommand_from ${names}`;
  lines.push(...commands.map((command) => nameLine(program, first, command)));
  lines.push(
    ...commands.flatMap((command) => commandLines(program, `${condition}; and ${seen(command)}`, command)),
  );
  if (operand === undefined || operand.kind === 'unknown') return lines;
  return [
    ...lines,
    `complete -c ${program} -n ${quote(condition)} -a ${quote(candidates(program, operand))}`,
  ];
}

function optionLine(
  program: string,
  condition: string,
  { long, short, text, value }: DescribedOption,
): string {
  const words = ['complete', '-c', program, '-n', quote(condition), '-l', long.replace(/^--/, '')];
  if (short !== undefined) words.push('-s', short.slice(1));
  words.push('-d', quote(text));
  if (value !== undefined) words.push('-x');
  if (value !== undefined && value.kind !== 'unknown') words.push('-a', quote(candidates(program, value)));
  return words.join(' ');
}

function candidates(program: string, completer: Exclude<Completer, { readonly kind: 'unknown' }>): string {
  switch (completer.kind) {
    case 'choices':
      return completer.words.join(' ');
    case 'files':
      return `(${[`__${program}_files`, ...completer.extensions].join(' ')})`;
    case 'folders':
      return '(__fish_complete_directories)';
  }
}

/** In single quotes, fish reads only `\\\\` and `\\'`. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

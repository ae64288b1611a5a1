# usage: zsh -f ask.zsh <file inner.zsh> <line>: what a zsh with the completion $SCRIPT offers at the end of the line.
# zsh completes only at a terminal, so an inner one gets a pseudo-terminal.
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner "source ${(q)1}"
while zpty -r inner line; do [[ $line == READY* ]] && break; done
zpty -w -n inner "$2"$'\t'
integer marks=0
while ((marks < 2)) && zpty -r inner line; do
  [[ $line == MARK* ]] && ((marks += 1))
  [[ $line == HIT\ * ]] && print -r -- "${${line#HIT }%$'\r\n'}"
done
zpty -d inner

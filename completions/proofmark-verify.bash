# bash completion of proofmark-verify

_proofmark_verify() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $previous in
  --engine)
    mapfile -t COMPREPLY < <(compgen -W "fast reference" -- "$current")
    return
    ;;
  --threads | --part) return ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "--claim --weights --receipt --engine --threads --part --join --certificate --key \
      --quiet --verbose --progress --explain --trust --version --help -h" -- "$current")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}

complete -F _proofmark_verify proofmark-verify

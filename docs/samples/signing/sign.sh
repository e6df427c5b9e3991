#!/usr/bin/env bash
# Signs a request and prints its URL. Needs openssl; send it with: curl "$(./sign.sh …)"
# sign.sh KEY_FILE ACTION DATA [REF [TIME]]; BASE in the environment says where the server is
set -euo pipefail
export LC_ALL=C
key=$(tr -d '[:space:]' < "$1")
action=$2 data=$3
ref=${4:-$(openssl rand -hex 16)}
time=${5:-$(date -u '+%Y-%m-%dT %H:%M:%SZ')}

form() { # as forms are encoded: letters, digits and *-._ stay, a blank is +, every other byte is %XX
  local text=$1 i c byte
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in
      [a-zA-Z0-9*._-]) printf '%s' "$c" ;;
      ' ') printf '+' ;;
      *) printf -v byte '%d' "'$c"; printf '%%%02X' $((byte & 255)) ;;
    esac
  done
}

text="action=$(form "$action")&data=$(form "$data")&ref=$(form "$ref")&time=$(form "$time")"
sig=$(printf '%s' "$text" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" | sed 's/.*= *//')
printf '%s\n' "${BASE:-http://127.0.0.1:6080}/cardsecure/cs?$text&sig=$sig"

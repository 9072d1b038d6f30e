#!/usr/bin/env bash
# Makes artifacts/reference/index.html of the contract: the reference of the API for people. One file, which loads nothing from elsewhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

cli=build/linter/node_modules/@redocly/cli/bin/cli.js
page=${1:-artifacts/reference/index.html}
policy="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:"
[[ -e $cli ]] || npm ci --ignore-scripts --no-fund --no-audit --prefix build/linter

rm -f "$page"
mkdir -p "$(dirname "$page")"
log=$(node "$cli" build-docs openapi/chats.yaml --config build/linter/redocly.yaml --inlineBundle --output "$page" \
    --openapi.showExtensions x-auth-scopes --openapi.showExtensions x-quota-per-hour 2>&1) || { echo "$log" >&2; exit 1; }

# Its bundle knows addresses of its maker (logos, icons, traces). The page asks none of them.
sed -i "0,/<head>/s||<head><meta http-equiv=\"Content-Security-Policy\" content=\"$policy\">|" "$page"

# The tool ends well whatever it has written.
for wanted in 'Content-Security-Policy' $(sed -nE 's/^ +operationId: (\w+)$/"\1"/p' openapi/chats.yaml); do
    grep -qF "$wanted" "$page" || { echo "$page does not hold $wanted." >&2; exit 1; }
done
echo "$page"

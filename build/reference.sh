#!/usr/bin/env bash
# Generates a page for each contract: the reference of the API and of its notifications, for people. One file each, which loads nothing from
# elsewhere. The argument is the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

cli=build/npm/node_modules/@redocly/cli/bin/cli.js
folder=${1:-artifacts/reference}
policy="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:"
[[ -e $cli ]] || npm ci --ignore-scripts --no-fund --no-audit --prefix build/npm

mkdir -p "$folder"
for contract in openapi/*.yaml; do
    page=$folder/$(basename "$contract" .yaml).html
    rm -f "$page"
    log=$(node "$cli" build-docs "$contract" --config build/npm/redocly.yaml --inlineBundle --output "$page" \
        --openapi.showExtensions x-auth-scopes --openapi.showExtensions x-quota-per-hour 2>&1) || { echo "$log" >&2; exit 1; }

    # Its bundle contains URLs of its vendor (logos, icons, traces). The page must not request any of them.
    sed -i "0,/<head>/s||<head><meta http-equiv=\"Content-Security-Policy\" content=\"$policy\">|" "$page"

    echo "$page"
done

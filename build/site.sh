#!/usr/bin/env bash
# Builds artifacts/site: the pages of the repository, the public API of the packages, and the reference of both contracts. It uses the
# assemblies of the last build. A docfx warning, such as a broken link, fails it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source=artifacts/site-source
rm -rf "$source" artifacts/site
mkdir -p "$source"
# docfx takes everything below its settings file, and a repository is full of other things.
git ls-files -z --cached --others --exclude-standard -- \
    '*.md' 'docs/*.svg' build/icon.png 'build/*.targets' 'openapi/*.yaml' samples src/Chats.Cli/Dockerfile ':!src/*/PACKAGE.md' |
    xargs -0 cp --parents --target-directory "$source"
cp -r build/site/. "$source"
bash build/reference.sh "$source/reference"

# The SDK remembers in the home folder where a tool is, and believes it even if that folder of packages is gone. So docfx gets a home of its own.
export DOTNET_CLI_HOME=$PWD/artifacts/site-tools
rm -rf "$DOTNET_CLI_HOME/.dotnet"
dotnet tool restore
dotnet docfx "$source/docfx.json" --warningsAsErrors --logLevel warning
cp artifacts/site/README.html artifacts/site/index.html

#!/bin/sh
# sync.sh REPOSITORY NAMESPACE: keeps the Releases of a namespace as the branch main of a git repository has them, again and again. This is
# what Flux and Argo CD do with a repository, in its smallest form: apply what is there, delete what is no longer there.
set -u
repository=$1 namespace=$2
checkout=$(mktemp -d)
trap 'rm -rf "$checkout"; exit' EXIT INT TERM
git clone --quiet "$repository" "$checkout"
while :; do
  git -C "$checkout" fetch --quiet && git -C "$checkout" reset --quiet --hard origin/main
  echo "commit $(git -C "$checkout" rev-parse --short HEAD)"
  kubectl apply --namespace "$namespace" --filename "$checkout" \
    --prune --selector from=git --prune-allowlist coxswain.dev/v1alpha1/Release
  sleep "${PAUSE:-10}"
done

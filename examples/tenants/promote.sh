#!/bin/sh
# promote.sh RELEASE TENANT FROM TO: brings the chart that a release has in one stage to the next, with the values of that stage. It does so
# only if the release is ready where it is, and it waits until it is ready where it goes.
set -eu
release=$1 from=$2-$3 to=$2-$4
here=$(dirname "$0")
kubectl release wait "$release" --namespace "$from" --timeout 10s
chart=$(kubectl get release "$release" --namespace "$from" \
  --output jsonpath='{.spec.chart.registry}/{.spec.chart.name}:{.status.chart.version}@{.status.chart.digest}')
kubectl release upgrade "$release" "$chart" --install --namespace "$to" --service-account deployer \
  --values "$here/$release.yaml" --values "$here/$release-$4.yaml" --wait

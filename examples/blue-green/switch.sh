#!/bin/sh
# switch.sh COLOUR NAMESPACE: sends everybody to the release web-blue or web-green, if it is ready.
set -eu
kubectl release wait "web-$1" --namespace "$2" --timeout 10s --red-timeout 0s
kubectl patch service web --namespace "$2" --patch "{\"spec\":{\"selector\":{\"app.kubernetes.io/instance\":\"web-$1\"}}}"

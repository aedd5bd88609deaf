// What `make real-node` runs beside the node: it installs Coxswain and waits.
import { installOnNode } from '../support/real-node/coxswain.ts';
import { realNode } from '../support/real-node/node.ts';

const node = realNode();
await installOnNode(node);
console.log(`
a cluster with one real node, and Coxswain at work on it; in another terminal:

  make real-node-shell                            a shell beside it, with KUBECONFIG set
  make real-node-shell CMD='kubectl get pods -A'

charts and images   push to ${node.registry}, plain HTTP
charts, in spec     oci://${node.nodeRegistry}/charts
images, in pods     registry.test/NAME; registry.test/web:1 is there
logs                ${node.directory}/logs

Ctrl-C ends it.`);
setInterval(() => undefined, 60_000);

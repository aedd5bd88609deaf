import { startInstallation } from './installation.ts';

// `make dev`: a control plane with the controller at work on it, until Ctrl-C.

const installation = await startInstallation();
const { controlPlane, controller } = installation;
const ended = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));

console.log(`export KUBECONFIG=${controlPlane.kubeconfig}
export PATH="${new URL('../../../cli/bin', import.meta.url).pathname}:$PATH"

registry   oci://${controlPlane.registry}/charts
log        ${controller.logFile}

Ctrl-C ends it.`);
await ended;
await installation.stop();

/** The node, the API server and the DNS of the cluster, as pods reach them; the same in each run, since each has its own network. */
export const NODE_ADDRESS = '10.200.0.1';

/** The registry, as pods and charts name it: not the API server's address, from which Coxswain takes no charts. */
export const REGISTRY_ADDRESS = '10.200.0.2';

/** Where the pods are. */
export const POD_RANGE = '10.201.0.0/24';

/** The name of the node. */
export const NODE_NAME = 'realnode-0';

/** The registry in the names of images, which so do not change with its port. */
export const IMAGE_REGISTRY = 'registry.test';

// Go's fmt: values as its verbs print them.
// Knows the values of reflect and the texts of strconv; nothing of templates, charts or Kubernetes.
export { formatValue } from './format-value.ts';
export { printAny, sprint, sprintln } from './print.ts';
export { sprintf } from './sprintf.ts';

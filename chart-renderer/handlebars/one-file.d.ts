// Handlebars in one file: the package's own entry loads some forty, each time that a renderer starts.
declare module 'handlebars/dist/handlebars.js' {
  export { default } from 'handlebars';
}

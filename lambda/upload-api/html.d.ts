/** A page, with what it links to inlined by the bundler. */
declare module '*.html' {
  const html: string;
  export default html;
}
